package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.Gate;
import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.remedy.PoolOwned;
import dev.tidepool.rewriting.remedy.RewrittenClass;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HuntedOwnersTest {
  private final FileWorld world = Worlds.withFixtures(HuntedOwners.class);

  private Verdict prove(String method) {
    return Worlds.proveOwner(world, HuntedOwners.class.getName(), method);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrappedLeaks",
        "throughWrap",
        "throughCall",
        "twiceByChain",
        "madeBeside",
        "twoOwners",
        "sharedWithAnother",
        "growsInWrap"
      })
  void anArrayThatOthersMayHaveIsNotTheOwners(String method) {
    assertThat(prove(method)).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrapped", "inLoop", "filled", "chosenInLoop"})
  void anArrayOnlyTheOwnerHasIs(String method) {
    Verdict verdict = prove(method);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
  }

  @Test
  void aReceiverThatPutsAnArrayOfOthersIntoTheOwnerIsRefused() {
    ReceiverQuestion fill =
        new ReceiverQuestion(
            "fill", "(L" + HuntedOwners.Buffer.class.getName().replace('.', '/') + ";)V", 1 << 1);
    assertThat(Worlds.proof(world).judge(type(HuntedOwners.Fill.class), fill).allowed()).isTrue();
    assertThat(Worlds.proof(world).judge(type(HuntedOwners.FillShared.class), fill).allowed())
        .isFalse();
    // where it is an array that goes back, the fields of what wraps it do not matter
    ReceiverQuestion array = fill.ofArrayOnly();
    assertThat(Worlds.proof(world).judge(type(HuntedOwners.FillShared.class), array).allowed())
        .isTrue();
  }

  @Test
  void anOwnerMadeInALoopWithAChoiceAmongItsArgumentsStaysVerifiable() throws Exception {
    Verdict.Proven proven = (Verdict.Proven) prove("chosenInLoop");
    assertThat(proven.releaseOnReallocation()).isTrue();
    assertThat(rewritten("chosenInLoop", proven).invoke(null, 3)).isEqualTo(4096 + 8192 + 4096);
  }

  @Test
  void whatAnOwnerHadThatWasShownToAStrangerIsNotGivenBackWithTheNextOwner() throws Exception {
    Verdict.Proven proven = (Verdict.Proven) prove("askedAfterClose");
    assertThat(proven.releaseOnReallocation()).isFalse();
    assertThat(proven.guards()).isNotEmpty();
    Method method = rewritten("askedAfterClose", proven);
    Class<?> fill = method.getParameterTypes()[0].getComponentType();
    Object fills = Array.newInstance(fill, 3);
    Constructor<?> made = fill.getDeclaredConstructor();
    made.setAccessible(true);
    for (int i = 0; i < 3; i++) {
      Array.set(fills, i, made.newInstance());
    }
    Object stranger = Array.get(fills, 1);
    List<Object> ended = new ArrayList<>();
    List<Object> endedWith = new ArrayList<>();
    Map<Object, Object> ownerOf = new HashMap<>();
    Gate.guard = ignored -> receiver -> receiver != stranger;
    Gate.owned =
        ignored ->
            (owner, before) -> {
              Object had = new Object();
              ownerOf.put(had, owner);
              return had;
            };
    Gate.releaseOwned =
        ignored ->
            (owner, had) -> {
              ended.add(owner);
              endedWith.add(had == null ? owner : ownerOf.get(had));
            };
    try {
      method.invoke(null, fills);
    } finally {
      Gate.guard = null;
      Gate.owned = null;
      Gate.releaseOwned = null;
    }
    assertThat(ended).as("the last owner alone").hasSize(1).isEqualTo(endedWith);
  }

  private Method rewritten(String name, Verdict.Proven proven) throws Exception {
    byte[] before = Worlds.bytes(HuntedOwners.class);
    ClassCode code = ClassCode.read(before);
    SiteKey site = Worlds.owners(world, HuntedOwners.class.getName(), name).get(0);
    String descriptor = site.method().descriptor();
    int ordinal = code.ordinal(code.method(name, descriptor), site.bytecodeIndex());
    RewrittenClass after =
        new ClassRewriter(Gate.class.getName().replace('.', '/'))
            .rewrite(
                before, List.of(new SitePlan(0, name, descriptor, ordinal, new PoolOwned(proven))));
    assertThat(after.refused()).isEmpty();
    Class<?> rewritten = new Loader(after.classFile()).loadClass(HuntedOwners.class.getName());
    for (Method method : rewritten.getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        method.setAccessible(true);
        return method;
      }
    }
    throw new AssertionError(name);
  }

  private TypeRef type(Class<?> type) {
    return world.type(type.getName().replace('.', '/')).orElseThrow();
  }

  /** Defines the owners anew, one class of them rewritten. */
  private static final class Loader extends ClassLoader {
    private final byte[] rewritten;

    Loader(byte[] rewritten) {
      super(HuntedOwnersTest.class.getClassLoader());
      this.rewritten = rewritten;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(HuntedOwners.class.getName()) || name.endsWith("Test")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      boolean outer = name.equals(HuntedOwners.class.getName());
      byte[] file = outer ? rewritten : Worlds.bytes(Class.forName(name));
      return defineClass(name, file, 0, file.length);
    }
  }
}

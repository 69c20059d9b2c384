package dev.tidepool.rewriting.remedy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.Gate;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Every call is taken for one that keeps its arrays where it throws. */
class OnThrowTest {
  private final ClassRewriter rewriter = new ClassRewriter(Gate.class.getName().replace('.', '/'));

  @ParameterizedTest
  @CsvSource({"Lent, 8", "Lent, 17", "Lent, 5", "LocalBuffers, 8", "LocalBuffers, 17"})
  void programsDoWhatTheyDidWhileThePoolSpoilsWhatItIsGiven(String name, int release)
      throws Exception {
    Map<String, byte[]> original = Fixture.compile(name, Math.max(8, release));
    if (release == 5) {
      original.replaceAll((each, bytes) -> ClassRewriterTest.ofVersion5(bytes));
    }
    for (boolean perRound : new boolean[] {false, true}) {
      compare(original, "fixtures." + name, perRound && name.equals("Lent"));
    }
  }

  private void compare(Map<String, byte[]> original, String name, boolean perRound)
      throws Exception {
    byte[] before = original.get(name);
    List<SitePlan> plans = plans(before, perRound);
    RewrittenClass after = rewriter.rewrite(before, plans);
    assertThat(after.refused()).isEmpty();
    Map<String, byte[]> changed = new HashMap<>(original);
    changed.put(name, after.classFile());
    Class<?> plain = new Fixture.Loader(original).loadClass(name);
    Class<?> pooled = new Fixture.Loader(changed).loadClass(name);
    try (LedgerPool pool = LedgerPool.behindGate(ClassRewriterTest.types(before, plans))) {
      for (int round = 0; round < 2; round++) {
        for (Method method : ClassRewriterTest.fixtures(plain)) {
          Method twin = pooled.getMethod(method.getName(), int.class);
          for (int n = -1; n < 90; n += n < 8 ? 1 : 9) {
            assertThat(ClassRewriterTest.outcome(twin, n))
                .as("%s(%d)", method.getName(), n)
                .isEqualTo(ClassRewriterTest.outcome(method, n));
          }
        }
      }
      assertThat(pool.faults).isEmpty();
      assertThat(pool.reused).isGreaterThan(100);
      assertThat(pool.dropped()).as("where it throws").isPositive();
    }
  }

  /** One plan for each array; in a loop it may go back each round. */
  private static List<SitePlan> plans(byte[] classFile, boolean perRound) {
    List<SitePlan> plans = new ArrayList<>();
    for (MethodNode method : ClassCode.read(classFile).node().methods) {
      Verdict.Proven proven =
          new Verdict.Proven(perRound, false, List.of(), Set.of(), null, Set.of(), calls(method));
      plans.addAll(
          Fixture.planAll(
              classFile, plans.size(), new PoolLocal(proven), each -> isSame(each, method)));
    }
    return plans;
  }

  private static boolean isSame(MethodNode one, MethodNode other) {
    return one.name.equals(other.name) && one.desc.equals(other.desc);
  }

  private static Set<Integer> calls(MethodNode method) {
    Set<Integer> ordinals = new HashSet<>();
    List<AbstractInsnNode> instructions = ClassCode.instructions(method);
    for (int i = 0; i < instructions.size(); i++) {
      if (instructions.get(i) instanceof MethodInsnNode call && !Copies.isCopy(call)) {
        ordinals.add(i);
      }
    }
    return ordinals;
  }

  @ParameterizedTest
  @CsvSource({
    "thrownToTheCaller, 3",
    "caughtAndGoneOnWith, 1",
    "oneEachRound, 4",
    "returnedFromTheHandler, 2",
    "two, 3",
    "inAConstructor, 2",
    "locked, 2",
  })
  void whereNothingIsThrownEachArrayGoesBackOnce(String name, int arrays) throws Exception {
    Map<String, byte[]> classes = Fixture.compile("Lent", 17);
    byte[] before = classes.get("fixtures.Lent");
    List<SitePlan> plans = plans(before, true);
    classes.put("fixtures.Lent", rewriter.rewrite(before, plans).classFile());
    Method method =
        new Fixture.Loader(classes).loadClass("fixtures.Lent").getMethod(name, int.class);
    try (LedgerPool pool = LedgerPool.behindGate(ClassRewriterTest.types(before, plans))) {
      ClassRewriterTest.outcome(method, Integer.MAX_VALUE);
      assertThat(pool.acquired).isEqualTo(arrays);
      assertThat(pool.released).isEqualTo(arrays);
      assertThat(pool.faults).isEmpty();
      assertThat(pool.dropped()).isZero();
    }
  }

  @Test
  void anOwnerIsForgottenWhereTheCallThrowsAndGivenBackElsewhere() throws Exception {
    Map<String, byte[]> classes = Fixture.compile("Lent", 17);
    byte[] before = classes.get("fixtures.Lent");
    classes.put("fixtures.Lent", rewriter.rewrite(before, List.of(owned(before))).classFile());
    Method texts =
        new Fixture.Loader(classes)
            .loadClass("fixtures.Lent")
            .getMethod("texts", OutputStream.class, byte[].class);
    List<Object> back = new ArrayList<>();
    Gate.releaseOwned = site -> (owner, array) -> back.add(owner);
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      texts.invoke(null, out, new byte[20]);
      assertThat(out.size()).isEqualTo(20);
      assertThat(back).hasSize(1).first().isInstanceOf(ByteArrayOutputStream.class);
      assertThatThrownBy(() -> texts.invoke(null, new Full(), new byte[20]))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .hasMessage("full");
      assertThat(back).hasSize(1);
    } finally {
      Gate.releaseOwned = null;
    }
  }

  private static final class Full extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("full");
    }
  }

  private static SitePlan owned(byte[] classFile) {
    MethodNode method =
        ClassCode.read(classFile).node().methods.stream()
            .filter(each -> each.name.equals("texts"))
            .findFirst()
            .orElseThrow();
    List<AbstractInsnNode> instructions = ClassCode.instructions(method);
    int site = -1;
    int construction = -1;
    for (int i = 0; i < instructions.size(); i++) {
      AbstractInsnNode insn = instructions.get(i);
      site = insn.getOpcode() == Opcodes.NEW ? i : site;
      construction = insn instanceof MethodInsnNode c && c.name.equals("<init>") ? i : construction;
    }
    TypeRef owner = new TypeRef("java/io/ByteArrayOutputStream", LoaderRef.BOOT);
    Verdict.Owned owned =
        new Verdict.Owned(construction, owner, List.of(new Verdict.Field(owner, "buf", "[B")));
    Verdict.Proven proven =
        new Verdict.Proven(false, false, List.of(), Set.of(), owned, Set.of(), calls(method));
    return new SitePlan(7, method.name, method.desc, site, new PoolOwned(proven));
  }

  @Test
  void aProofThatSpeaksOfSomethingElseThanACallIsRefused() throws Exception {
    byte[] before = Fixture.compile("LocalBuffers", 17).get("fixtures.LocalBuffers");
    Verdict.Proven proven =
        new Verdict.Proven(false, false, List.of(), Set.of(), null, Set.of(), Set.of(0));
    List<SitePlan> plans =
        Fixture.planAll(before, 0, new PoolLocal(proven), each -> each.name.equals("straight"));
    assertThat(rewriter.rewrite(before, plans).refused())
        .containsEntry(0, "the proof speaks of a call where there is none");
  }
}

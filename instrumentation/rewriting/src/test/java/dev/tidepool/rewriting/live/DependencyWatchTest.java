package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class DependencyWatchTest {
  private static final TypeRef TOP = new TypeRef("app/Top", LoaderRef.BOOT);
  private static final Dependency WRITE = new Dependency.Overrides(TOP, "write", "([B)V");

  private final DependencyWatch watch = new DependencyWatch();
  private final List<String> broken = new ArrayList<>();
  private final DependencyWatch.Owner owner = (dependency, why) -> broken.add(why);

  @Test
  void aSubclassThatOverridesBreaksTheProof() {
    assertThat(watch.watch(owner, Set.of(WRITE), seen())).isTrue();
    load("app/Other", "java/lang/Object", true);
    assertThat(broken).isEmpty();
    load("app/Keeping", "app/Top", true);
    assertThat(broken).containsExactly("class app.Keeping loads");
  }

  @Test
  void aSubclassThatDoesNotOverrideIsFollowedToTheOneThatDoes() {
    watch.watch(owner, Set.of(WRITE), seen());
    load("app/Quiet", "app/Top", false);
    assertThat(broken).isEmpty();
    load("app/Keeping", "app/Quiet", true);
    assertThat(broken).containsExactly("class app.Keeping loads");
  }

  /** It may write a field that the proof takes for one that nobody below writes. */
  @Test
  void aSubclassThatOverridesNothingBreaksTheProofThatNoneLoads() {
    watch.watch(owner, Set.of(Dependency.Overrides.any(TOP)), seen());
    load("app/Quiet", "app/Top", false);
    assertThat(broken).containsExactly("class app.Quiet loads");
  }

  @Test
  void aClassThatCameBeforeItsSuperclassIsNotMissed() {
    watch.watch(owner, Set.of(WRITE), seen());
    load("app/Keeping", "app/Quiet", true);
    assertThat(broken).isEmpty();
    load("app/Quiet", "app/Top", false);
    assertThat(broken).containsExactly("class app.Quiet loads");
  }

  @Test
  void aMethodInheritedFromElsewhereBreaksTheProof() {
    watch.watch(owner, Set.of(WRITE), seen());
    load("app/Mixed", "app/Base", false, "app/Top");
    assertThat(broken).containsExactly("class app.Mixed loads");
  }

  @Test
  void anotherClassOfTheNameOfAnAnalysedOneBreaksTheProof() {
    watch.watch(owner, Set.of(new Dependency.Body(TOP)), seen());
    load("app/Top", "java/lang/Object", true);
    assertThat(broken).hasSize(1);
  }

  @Test
  void aProofIsNotRegisteredWhileAClassItHasNotSeenIsOnItsWay() {
    DependencyWatch.Seen before = seen();
    load("app/Keeping", "app/Top", true);
    assertThat(watch.watch(owner, Set.of(WRITE), before)).isFalse();
    assertThat(watch.watch(owner, Set.of(WRITE), seen())).isFalse();
    long keeping = ClassHeader.key(ClassHeader.hash("app/Keeping"), null);
    assertThat(watch.watch(owner, Set.of(WRITE), seen(keeping))).isTrue();
  }

  /** Nearly every class is on its way below Object. */
  @Test
  void aClassOnItsWayTouchesNoProofThatRestsOnItsSuperclassesCodeAlone() {
    DependencyWatch.Seen before = seen();
    load("app/Keeping", "app/Top", true);
    assertThat(watch.watch(owner, Set.of(new Dependency.Body(TOP)), before)).isTrue();
    load("app/Other", "app/Top", true);
    assertThat(broken).isEmpty();
  }

  /** Nobody can see when the new code is there, only that it was on its way. */
  @Test
  void whatOthersRedefineIsUnseenForAWhile() {
    ClassHeader top = ClassHeader.read(file("app/Top", "java/lang/Object", true));
    watch.redefining(top, key("app/Top"), "app.Top");
    Set<Dependency> body = Set.of(new Dependency.Body(TOP));
    long now = System.nanoTime();
    assertThat(watch.watch(owner, body, listed(now, key("app/Top")))).isFalse();
    long later = now + 3_000_000_000L;
    assertThat(watch.watch(owner, body, listed(later, key("app/Top")))).isTrue();
  }

  @Test
  void aListFromBeforeEverythingBrokeIsOutdated() {
    DependencyWatch.Seen before = seen();
    watch.breakAll("a class came past unseen");
    assertThat(watch.watch(owner, Set.of(WRITE), before)).isFalse();
    assertThat(watch.watch(owner, Set.of(WRITE), seen())).isTrue();
  }

  @Test
  void aClassThatNamesTheMethodWatchedForBreaksTheProof() {
    Set<Dependency> naming = Set.of(BufferSight.ON);
    assertThat(watch.watch(owner, naming, seen())).isTrue();
    load("app/Other", "java/lang/Object", true);
    assertThat(broken).isEmpty();
    byte[] asking = asking();
    ClassHeader header = ClassHeader.read(asking);
    DependencyWatch.Seen before = seen();
    watch.defining(header, key("app/Asking"), 1, asking);
    assertThat(broken).containsExactly("class app.Asking loads");
    assertThat(watch.asks(key("app/Asking"))).isTrue();
    assertThat(watch.asks(key("app/Other"))).isFalse();
    assertThat(watch.watch(owner, naming, before)).isFalse();
    assertThat(watch.watch(owner, naming, seen(key("app/Asking")))).isTrue();
    assertThat(watch.unreadAsks()).isFalse();
    watch.redefining(header, key("app/Asking"), "app.Asking");
    assertThat(broken).contains("class app.Asking was redefined");
    assertThat(watch.unreadAsks()).isTrue();
  }

  @Test
  void aHiddenClassThatNamesItIsNotForgotten() {
    byte[] asking = asking();
    watch.defining(ClassHeader.read(asking), 0, 0, asking);
    assertThat(watch.unreadAsks()).isTrue();
  }

  private static byte[] asking() {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "app/Asking", null, "java/lang/Object", null);
    MethodVisitor method =
        writer.visitMethod(Opcodes.ACC_STATIC, "ask", "(Ljava/io/StringWriter;)V", null, null);
    method.visitCode();
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL,
        "java/io/StringWriter",
        "getBuffer",
        "()Ljava/lang/StringBuffer;",
        false);
    method.visitInsn(Opcodes.POP);
    method.visitInsn(Opcodes.RETURN);
    method.visitMaxs(1, 1);
    method.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }

  @Test
  void whatIsForgottenBreaksNoMore() {
    watch.watch(owner, Set.of(WRITE), seen());
    watch.forget(owner);
    load("app/Keeping", "app/Top", true);
    assertThat(broken).isEmpty();
  }

  @Test
  void theChecksumsOfClassesThatAreGoneAreForgotten() {
    long[] nanos = {0};
    DependencyWatch aged =
        new DependencyWatch() {
          @Override
          long now() {
            return nanos[0];
          }
        };
    for (String name : List.of("app/Gone", "app/Loaded")) {
      load(aged, name, "java/lang/Object", false);
    }
    nanos[0] = 2 * LoadLog.GENERATION_NANOS;
    load(aged, "app/Later", "java/lang/Object", false);
    nanos[0] += 2 * LoadLog.GENERATION_NANOS;
    load(aged, "app/OnItsWay", "java/lang/Object", false);
    aged.prune(seen(key("app/Loaded")), 1);
    assertThat(aged.fingerprint(key("app/Gone"))).isEqualTo(-1);
    assertThat(aged.fingerprint(key("app/Loaded"))).isZero();
    assertThat(aged.fingerprint(key("app/OnItsWay"))).isZero();
  }

  private static long key(String name) {
    return ClassHeader.key(ClassHeader.hash(name), null);
  }

  /** A snapshot of the loaded classes taken now, with these keys in it. */
  private DependencyWatch.Seen seen(Long... keys) {
    return listed(System.nanoTime(), keys);
  }

  private DependencyWatch.Seen listed(long listedAt, Long... keys) {
    long sequence = watch.sequence();
    return new DependencyWatch.Seen() {
      @Override
      public long listedAt() {
        return listedAt;
      }

      @Override
      public long sequence() {
        return sequence;
      }

      @Override
      public boolean contains(long key) {
        return List.of(keys).contains(key);
      }

      @Override
      public long[] namesBelow(Dependency.Overrides dependency) {
        return new long[] {ClassHeader.hash(dependency.type().name())};
      }
    };
  }

  private void load(String name, String superclass, boolean declaring, String... interfaces) {
    load(watch, name, superclass, declaring, interfaces);
  }

  private static void load(
      DependencyWatch watch,
      String name,
      String superclass,
      boolean declaring,
      String... interfaces) {
    byte[] file = file(name, superclass, declaring, interfaces);
    ClassHeader header = ClassHeader.read(file);
    watch.defining(header, ClassHeader.key(header.name(), null), 0, file);
  }

  private static byte[] file(
      String name, String superclass, boolean declaring, String... interfaces) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_SUPER, name, null, superclass, interfaces);
    if (declaring) {
      MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC, "write", "([B)V", null, null);
      method.visitCode();
      method.visitInsn(Opcodes.RETURN);
      method.visitMaxs(0, 2);
      method.visitEnd();
    }
    return writer.toByteArray();
  }
}

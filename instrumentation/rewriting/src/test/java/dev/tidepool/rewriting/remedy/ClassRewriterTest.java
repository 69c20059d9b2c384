package dev.tidepool.rewriting.remedy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.Gate;
import dev.tidepool.rewriting.site.GuardedCall;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.util.TraceClassVisitor;

class ClassRewriterTest {
  private static final String NAME = "fixtures.LocalBuffers";
  private static final int[] LENGTHS = {-1, 0, 1, 2, 3, 5, 7, 17, 300};

  /** In these the array of one round is still read in the next. */
  private static final Set<String> KEEPS_PREVIOUS = Set.of("doubleBuffer");

  private final ClassRewriter rewriter = new ClassRewriter(Gate.class.getName().replace('.', '/'));

  @ParameterizedTest
  @ValueSource(ints = {8, 17})
  void pooledMethodsDoWhatTheyDid(int release) throws Exception {
    compareAll(Fixture.compile("LocalBuffers", release), false);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 17})
  void pooledMethodsDoWhatTheyDidWhenRoundsReleaseTheirArrays(int release) throws Exception {
    compareAll(Fixture.compile("LocalBuffers", release), true);
  }

  @Test
  void classFilesWithoutFramesAreRewrittenWithoutFrames() throws Exception {
    Map<String, byte[]> old = new HashMap<>();
    Fixture.compile("LocalBuffers", 8).forEach((name, bytes) -> old.put(name, ofVersion5(bytes)));
    compareAll(old, true);
  }

  private void compareAll(Map<String, byte[]> original, boolean perRound) throws Exception {
    byte[] before = original.get(NAME);
    List<SitePlan> plans = new ArrayList<>();
    for (boolean keeps : new boolean[] {true, false}) {
      plans.addAll(
          Fixture.planAll(
              before,
              plans.size(),
              Fixture.pool(perRound && !keeps),
              method -> KEEPS_PREVIOUS.contains(method.name) == keeps));
    }
    RewrittenClass after = rewriter.rewrite(before, plans);
    assertThat(after.refused()).isEmpty();
    Map<String, byte[]> changed = new HashMap<>(original);
    changed.put(NAME, after.classFile());

    Class<?> plain = new Fixture.Loader(original).loadClass(NAME);
    Class<?> pooled = new Fixture.Loader(changed).loadClass(NAME);
    try (LedgerPool pool = LedgerPool.behindGate(types(before, plans))) {
      for (int round = 0; round < 2; round++) {
        for (Method method : fixtures(plain)) {
          Method twin = pooled.getMethod(method.getName(), int.class);
          for (int length : LENGTHS) {
            assertThat(outcome(twin, length))
                .as("%s(%d)", method.getName(), length)
                .isEqualTo(outcome(method, length));
          }
        }
      }
      assertThat(pool.faults).isEmpty();
      assertThat(pool.reused).isGreaterThan(100);
      assertThat(pool.released).isLessThanOrEqualTo(pool.acquired);
      if (perRound) {
        // only double buffering loses arrays then: all but the last of each call
        assertThat(pool.dropped()).isEqualTo(2 * 4 * (LENGTHS.length - 1));
      }
    }
  }

  static List<Method> fixtures(Class<?> type) {
    return Stream.of(type.getMethods())
        .filter(m -> Modifier.isStatic(m.getModifiers()) && m.getParameterCount() == 1)
        .toList();
  }

  /** Result, or exception with its message and the frames down to the test. */
  static String outcome(Method method, int length) throws IllegalAccessException {
    try {
      return String.valueOf(method.invoke(null, length));
    } catch (InvocationTargetException thrown) {
      Throwable cause = thrown.getCause();
      List<StackTraceElement> frames =
          Arrays.stream(cause.getStackTrace())
              .takeWhile(frame -> !frame.getClassName().contains("reflect"))
              .toList();
      return cause + " " + frames;
    }
  }

  static int[] types(byte[] classFile, List<SitePlan> plans) {
    ClassCode code = ClassCode.read(classFile);
    int[] types = new int[plans.size()];
    for (SitePlan plan : plans) {
      AbstractInsnNode insn =
          ClassCode.instructions(code.method(plan.method(), plan.descriptor())).get(plan.ordinal());
      types[plan.id()] = ((IntInsnNode) insn).operand;
    }
    return types;
  }

  static byte[] ofVersion5(byte[] classFile) {
    ClassNode node = new ClassNode();
    new ClassReader(classFile).accept(node, ClassReader.SKIP_FRAMES);
    node.version = Opcodes.V1_5;
    ClassWriter writer = new ClassWriter(0);
    node.accept(writer);
    return writer.toByteArray();
  }

  @Test
  void theSamePlansGiveTheSameBytesInAnyOrder() throws Exception {
    byte[] before = Fixture.compile("LocalBuffers", 17).get(NAME);
    List<SitePlan> plans = Fixture.planAll(before, 0, Fixture.pool(true), method -> true);
    List<SitePlan> reversed = new ArrayList<>(plans);
    Collections.reverse(reversed);
    byte[] once = rewriter.rewrite(before, plans).classFile();
    assertThat(rewriter.rewrite(before, plans).classFile()).isEqualTo(once);
    assertThat(rewriter.rewrite(before, reversed).classFile()).isEqualTo(once);
  }

  @Test
  void nothingToDoGivesNothing() throws Exception {
    byte[] before = Fixture.compile("LocalBuffers", 17).get(NAME);
    assertThat(rewriter.rewrite(before, List.of()).classFile()).isNull();
  }

  @Test
  void countedSitesReportEveryLength() throws Exception {
    Map<String, byte[]> classes = Fixture.compile("LocalBuffers", 17);
    List<SitePlan> plans =
        Fixture.planAll(
            classes.get(NAME), 5, new Treatment.Count(), m -> m.name.equals("straight"));
    classes.put(NAME, rewriter.rewrite(classes.get(NAME), plans).classFile());
    Class<?> counted = new Fixture.Loader(classes).loadClass(NAME);
    List<Long> seen = new ArrayList<>();
    Gate.count = seen::add;
    try {
      for (int length : LENGTHS) {
        outcome(counted.getMethod("straight", int.class), length);
      }
    } finally {
      Gate.count = null;
    }
    assertThat(seen)
        .containsExactlyElementsOf(
            Arrays.stream(LENGTHS).filter(n -> n >= 0).mapToObj(n -> (5L << 32) | n).toList());
  }

  @Test
  void aReceiverThatIsNotAllowedKeepsItsArray() throws Exception {
    Map<String, byte[]> classes = Fixture.compile("LocalBuffers", 17);
    byte[] before = classes.get(NAME);
    List<AbstractInsnNode> instructions =
        ClassCode.instructions(ClassCode.read(before).method("handed", "(I)Ljava/lang/Object;"));
    List<GuardedCall> guards = new ArrayList<>();
    for (int i = 0; i < instructions.size(); i++) {
      if (instructions.get(i) instanceof MethodInsnNode call) {
        if (call.name.equals("write")) {
          guards.add(new GuardedCall(i, 0, guards.size()));
        } else if (call.name.equals("hand")) {
          guards.add(new GuardedCall(i, 3, guards.size()));
        }
      }
    }
    assertThat(guards).hasSize(3);
    List<SitePlan> plans =
        Fixture.planAll(
            before,
            0,
            Fixture.pool(false, guards.toArray(new GuardedCall[0])),
            m -> m.name.equals("handed"));
    classes.put(NAME, rewriter.rewrite(before, plans).classFile());
    Method handed = new Fixture.Loader(classes).loadClass(NAME).getMethod("handed", int.class);
    for (int refusedGuard = -1; refusedGuard < 3; refusedGuard++) {
      try (LedgerPool pool = LedgerPool.behindGate(types(before, plans))) {
        List<Long> asked = new ArrayList<>();
        int refused = refusedGuard;
        Gate.guard =
            packed ->
                operand -> {
                  asked.add(packed);
                  return operand.getClass().getSimpleName().equals("Sink") && packed != refused;
                };
        assertThat(outcome(handed, 17)).isEqualTo("8");
        assertThat(pool.released).isEqualTo(refused < 0 ? 1 : 0);
        // once dropped there is nothing left to ask about
        assertThat(asked).hasSize(refused < 0 ? 3 : refused + 1);
        assertThat(pool.faults).isEmpty();
      }
    }
  }

  @Test
  void plansThatCannotBeCarriedOutSayWhy() throws Exception {
    byte[] before = Fixture.compile("LocalBuffers", 17).get(NAME);
    List<SitePlan> plans =
        List.of(
            new SitePlan(0, "absent", "()V", 0, new Treatment.Count()),
            new SitePlan(1, "straight", "(I)Ljava/lang/Object;", 0, new Treatment.Count()),
            new SitePlan(2, "straight", "(I)Ljava/lang/Object;", 999, Fixture.pool(false)),
            new SitePlan(3, "straight", "(I)Ljava/lang/Object;", 1, new Treatment.Count()),
            new SitePlan(4, "straight", "(I)Ljava/lang/Object;", 1, Fixture.pool(false)));
    RewrittenClass after = rewriter.rewrite(before, plans);
    assertThat(after.classFile()).isNotNull();
    assertThat(after.refused())
        .containsOnlyKeys(0, 1, 2, 4)
        .containsEntry(0, "the class declares no method absent()V")
        .containsEntry(2, "the method has no instruction of ordinal 999");
  }

  @Test
  void bytesThatAreNoClassAreRefusedNotThrown() {
    RewrittenClass after =
        rewriter.rewrite(
            new byte[100], List.of(new SitePlan(3, "m", "()V", 0, new Treatment.Count())));
    assertThat(after.classFile()).isNull();
    assertThat(after.refused()).containsOnlyKeys(3);
  }

  @Test
  void methodsThatWouldPassALimitAreRefusedAndTheOthersAreNot() {
    // 1,100 sites of 6 bytes each fit 8000 bytes and, counted, do not; 10,000 pass 64 KB
    byte[] before = manySites(1_100, 10_000, 3);
    List<SitePlan> plans = Fixture.planAll(before, 1_000, new Treatment.Count(), method -> true);
    RewrittenClass after = rewriter.rewrite(before, plans);
    assertThat(after.classFile()).isNotNull();
    assertThat(after.refused()).hasSize(11_100);
    assertThat(after.refused().get(1_000)).contains("8000 bytes");
    assertThat(after.refused().get(1_000 + 1_100)).contains("64 KB");
    assertThat(after.refused()).doesNotContainKey(1_000 + 11_100);
  }

  private static byte[] manySites(int... counts) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "Many", null, "java/lang/Object", null);
    for (int count : counts) {
      var method = writer.visitMethod(Opcodes.ACC_STATIC, "m" + count, "()V", null, null);
      method.visitCode();
      for (int i = 0; i < count; i++) {
        method.visitIntInsn(Opcodes.BIPUSH, 10);
        method.visitIntInsn(Opcodes.NEWARRAY, Opcodes.T_BYTE);
        method.visitInsn(Opcodes.POP);
      }
      method.visitInsn(Opcodes.RETURN);
      method.visitMaxs(1, 0);
      method.visitEnd();
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  @Test
  void methodsWithoutPlanAreCopiedByteForByte() throws Exception {
    byte[] before = Fixture.compile("LocalBuffers", 17).get(NAME);
    byte[] after =
        rewriter
            .rewrite(
                before,
                Fixture.planAll(before, 0, Fixture.pool(true), m -> m.name.equals("straight")))
            .classFile();
    assertThat(text(after, m -> !m.equals("straight")))
        .isEqualTo(text(before, m -> !m.equals("straight")));
  }

  private static String text(byte[] classFile, Predicate<String> wanted) {
    ClassNode node = new ClassNode();
    new ClassReader(classFile).accept(node, 0);
    StringWriter out = new StringWriter();
    node.methods.removeIf(method -> !wanted.test(method.name));
    node.accept(new TraceClassVisitor(new PrintWriter(out, true)));
    return out.toString();
  }
}

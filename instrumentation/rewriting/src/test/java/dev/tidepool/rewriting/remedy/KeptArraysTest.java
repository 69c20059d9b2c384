package dev.tidepool.rewriting.remedy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.Gate;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Several arrays of one call, of which one may be returned. */
class KeptArraysTest {
  private static final String NAME = "fixtures.Chunks";
  private static final int[] SIZES = {0, 1, 8191, 8192, 8193, 16384, 100_000};

  private static Class<?> plain;
  private static Class<?> pooled;
  private static int[] types;

  @BeforeAll
  static void rewrite() throws Exception {
    Map<String, byte[]> classes = Fixture.compile("Chunks", 17);
    byte[] before = classes.get(NAME);
    plain = new Fixture.Loader(classes).loadClass(NAME);
    List<SitePlan> plans = new ArrayList<>();
    for (MethodNode method : ClassCode.read(before).node().methods) {
      plans.addAll(plans(method, plans.size()));
    }
    RewrittenClass after =
        new ClassRewriter(Gate.class.getName().replace('.', '/')).rewrite(before, plans);
    assertThat(after.refused()).isEmpty();
    Map<String, byte[]> changed = new HashMap<>(classes);
    changed.put(NAME, after.classFile());
    pooled = new Fixture.Loader(changed).loadClass(NAME);
    types = new int[plans.size()];
    Arrays.fill(types, Opcodes.T_BYTE);
  }

  /**
   * The first array of each method, and the copies that stand beside it in a list; what a caller
   * may give back is all drawn from the pool.
   */
  private static List<SitePlan> plans(MethodNode method, int firstId) {
    List<AbstractInsnNode> code = ClassCode.instructions(method);
    List<GuardedCall> guards = new ArrayList<>();
    for (int i = 0; i < code.size(); i++) {
      if (code.get(i) instanceof MethodInsnNode call && call.desc.equals("([BII)I")) {
        guards.add(new GuardedCall(i, 0, 7));
      }
    }
    Treatment keep =
        Fixture.keep(true, !method.name.equals("rows"), guards.toArray(new GuardedCall[0]));
    List<SitePlan> plans = new ArrayList<>();
    for (int i = 0; i < code.size(); i++) {
      Treatment treatment = null;
      if (code.get(i) instanceof MethodInsnNode call) {
        treatment =
            switch (call.name) {
              case "copyOfRange" -> keep;
              case "copyOf" -> method.name.equals("read") ? new Draw("PoolOwned") : null;
              case "read" -> method.name.equals("caller") ? result() : null;
              default -> null;
            };
      } else if (code.get(i).getOpcode() == Opcodes.NEWARRAY && !method.name.equals("caller")) {
        treatment =
            plans.isEmpty() ? keep : method.name.equals("read") ? new Draw("PoolOwned") : null;
      }
      if (treatment != null) {
        plans.add(new SitePlan(firstId + plans.size(), method.name, method.desc, i, treatment));
      }
    }
    return plans;
  }

  private static Treatment result() {
    return new PoolOwned(new Verdict.Proven(false, false, List.of(), Set.of()));
  }

  /** Gives at most so many bytes at a time, and fails where it is told to. */
  private static final class Stream extends InputStream {
    private final ByteArrayInputStream in;
    private final Random shorter;
    private int untilFailure;

    Stream(byte[] content, boolean shortReads, int failsAt) {
      in = new ByteArrayInputStream(content);
      shorter = shortReads ? new Random(content.length) : null;
      untilFailure = failsAt;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      if (untilFailure <= 0) {
        throw new IOException("the line is cut");
      }
      int most = shorter == null || len == 0 ? len : 1 + shorter.nextInt(len);
      int got = in.read(b, off, Math.min(most, untilFailure));
      untilFailure -= Math.max(0, got);
      return got;
    }
  }

  private static byte[] content(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  /** What a call came to. */
  private static final class Outcome {
    final byte[] result;
    final String thrown;

    Outcome(byte[] result, String thrown) {
      this.result = result;
      this.thrown = thrown;
    }

    @Override
    public String toString() {
      return thrown + " " + Arrays.toString(result);
    }
  }

  private static Outcome run(Class<?> type, String name, InputStream in, int n) throws Exception {
    Method method = type.getMethod(name, InputStream.class, int.class);
    try {
      return new Outcome((byte[]) method.invoke(null, in, n), null);
    } catch (InvocationTargetException thrown) {
      return new Outcome(null, String.valueOf(thrown.getCause()));
    }
  }

  private static void allowAll() {
    Gate.guard = packed -> receiver -> true;
  }

  @ParameterizedTest
  @ValueSource(strings = {"read", "middle", "locked", "rows", "caller"})
  void theResultIsTheSameAndEveryOtherArrayIsGivenBackOnce(String name) throws Exception {
    try (LedgerPool pool = LedgerPool.behindGate(types)) {
      allowAll();
      for (int round = 0; round < 3; round++) {
        for (int size : SIZES) {
          for (boolean shortReads : new boolean[] {false, true}) {
            for (int failsAt : new int[] {Integer.MAX_VALUE, size / 2 + 1}) {
              compare(pool, name, size, shortReads, failsAt);
            }
          }
        }
      }
      assertThat(pool.reused).isPositive();
    }
  }

  private static void compare(
      LedgerPool pool, String name, int size, boolean shortReads, int failsAt) throws Exception {
    int n = name.equals("read") || name.equals("caller") ? Integer.MAX_VALUE : Math.min(size, 40);
    byte[] content = content(size);
    int before = pool.dropped();
    Outcome expected = run(plain, name, new Stream(content, shortReads, failsAt), n);
    Outcome outcome = run(pooled, name, new Stream(content, shortReads, failsAt), n);
    String what = name + " of " + size + (shortReads ? " in pieces" : "") + " until " + failsAt;
    assertThat(outcome).as(what).hasToString(expected.toString());
    assertThat(pool.faults).as(what).isEmpty();
    boolean lent = outcome.result != null && pool.lends(outcome.result);
    // with a lock held, what is thrown leaves by the code's own handler, and the arrays are dropped
    boolean dropped = name.equals("locked") && outcome.thrown != null;
    if (!dropped) {
      assertThat(pool.dropped() - before).as(what).isEqualTo(lent ? 1 : 0);
    }
  }

  @Test
  void anArrayThatIsReturnedIsTheCallers() throws Exception {
    try (LedgerPool pool = LedgerPool.behindGate(types)) {
      allowAll();
      byte[] content = content(8192);
      byte[] first = run(pooled, "read", new Stream(content, false, 9999), 8192).result;
      assertThat(pool.lends(first)).isTrue();
      byte[] second = run(pooled, "read", new Stream(content(8192), true, 9999), 8192).result;
      assertThat(second).isNotSameAs(first);
      assertThat(first).isEqualTo(content);
      assertThat(pool.released).isZero();
    }
  }

  @Test
  void aGuardThatSaysNoDropsAllThatThereIs() throws Exception {
    for (int no = 0; no < 20; no++) {
      try (LedgerPool pool = LedgerPool.behindGate(types)) {
        int[] asked = {no};
        Gate.guard = packed -> receiver -> asked[0]-- != 0;
        byte[] content = content(40_000);
        Outcome outcome = run(pooled, "read", new Stream(content, false, 99_999), 40_000);
        assertThat(outcome.result).isEqualTo(content);
        assertThat(pool.faults).isEmpty();
        assertThat(pool.dropped()).as("question " + no).isBetween(1, 6);
        if (no == 9) {
          // the last question: all five arrays
          assertThat(pool.released).isZero();
        }
      }
    }
  }

  @Test
  void aFrameKeepsNoMoreThanItsShare() throws Exception {
    try (LedgerPool pool = LedgerPool.behindGate(types)) {
      run(pooled, "rows", new Stream(content(1000), false, 9999), 1000);
      assertThat(pool.acquired).isEqualTo(1000);
      assertThat(pool.released).isEqualTo(256);
      assertThat(pool.faults).isEmpty();
    }
    try (LedgerPool pool = LedgerPool.behindGate(types)) {
      allowAll();
      byte[] content = content(8 << 20);
      Outcome outcome = run(pooled, "read", new Stream(content, false, 9 << 20), 8 << 20);
      assertThat(outcome.result).isEqualTo(content);
      assertThat(pool.released * 8192).isLessThanOrEqualTo(4 << 20);
    }
  }

  @Test
  void withNothingBehindTheGateAllIsAsBefore() throws Exception {
    for (int size : SIZES) {
      Outcome outcome = run(pooled, "read", new Stream(content(size), true, 999_999), 999_999);
      assertThat(outcome.result).isEqualTo(content(size));
    }
  }
}

package dev.tidepool.rewriting.remedy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.Gate;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.gate.Verification;
import dev.tidepool.rewriting.site.GuardedCall;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

class RecycleOutgrownTest {
  private static final String NAME = "fixtures.Growing";
  private static final int GUARD = 7;

  private final PrimitivePools pools = new PrimitivePools(10_000_000);
  private final GateRuntime runtime =
      new GateRuntime(
          pools,
          (receiver, guard) -> guard == GUARD && receiver instanceof Allowed,
          Verification.OFF);
  private Class<?> growing;
  private Map<String, byte[]> classes;
  private int replacing;
  private int making;

  /** May be handed the array. */
  interface Allowed {}

  @BeforeEach
  void rewrite() throws Exception {
    runtime.connect(Gate.class, (host, bytes) -> {});
    SiteSpec bytes = new SiteSpec(Opcodes.T_BYTE, 2048, false, false);
    replacing = runtime.open(bytes);
    making = runtime.open(bytes);
    classes = new HashMap<>(Fixture.compile("Growing", 17));
    byte[] before = classes.get(NAME);
    RewrittenClass after =
        new ClassRewriter(Gate.class.getName().replace('.', '/')).rewrite(before, plans(before));
    assertThat(after.refused()).isEmpty();
    classes.put(NAME, after.classFile());
    growing = new Fixture.Loader(classes).loadClass(NAME);
    runtime.replaces(replacing, growing);
    runtime.makesFor(making, replacing);
    runtime.mode(making, SiteMode.POOL);
    runtime.mode(replacing, SiteMode.POOL);
  }

  @AfterEach
  void disconnect() {
    GateRuntime.disconnect(Gate.class);
  }

  private List<SitePlan> plans(byte[] file) {
    Verdict.Field field =
        new Verdict.Field(new TypeRef("fixtures/Growing", LoaderRef.BOOT), "buf", "[B");
    List<SitePlan> plans = new ArrayList<>();
    for (MethodNode method : ClassCode.read(file).node().methods) {
      List<Verdict.FieldUse> uses = new ArrayList<>();
      List<AbstractInsnNode> code = ClassCode.instructions(method);
      for (int i = 0; i < code.size(); i++) {
        AbstractInsnNode insn = code.get(i);
        boolean copies =
            insn instanceof MethodInsnNode call
                && call.name.equals("copyOf")
                && method.name.equals("room");
        if (insn.getOpcode() == Opcodes.NEWARRAY || copies) {
          plans.add(new SitePlan(making, method.name, method.desc, i, new Draw("RecycleOutgrown")));
        } else if (insn instanceof FieldInsnNode put
            && put.getOpcode() == Opcodes.PUTFIELD
            && put.name.equals("buf")
            && !method.name.equals("<init>")) {
          uses.add(use(method, i, -1, List.of()));
        } else if (insn instanceof MethodInsnNode call && call.name.equals("write")) {
          uses.add(use(method, i, 1, List.of(new GuardedCall(i, 0, GUARD))));
        }
      }
      if (!uses.isEmpty()) {
        plans.add(
            new SitePlan(
                replacing,
                method.name,
                method.desc,
                uses.get(0).ordinal(),
                new RecycleOutgrown(field, uses)));
      }
    }
    return plans;
  }

  private static Verdict.FieldUse use(
      MethodNode method, int ordinal, int operand, List<GuardedCall> guards) {
    return new Verdict.FieldUse(method.name, method.desc, ordinal, operand, false, guards);
  }

  private OutputStream make() throws ReflectiveOperationException {
    return (OutputStream) growing.getConstructor().newInstance();
  }

  private static byte[] array(Object growing) throws ReflectiveOperationException {
    return (byte[]) growing.getClass().getMethod("array").invoke(growing);
  }

  private static void writeTo(OutputStream growing, OutputStream out) throws Exception {
    try {
      growing.getClass().getMethod("writeTo", OutputStream.class).invoke(growing, out);
    } catch (java.lang.reflect.InvocationTargetException thrown) {
      throw (Exception) thrown.getCause();
    }
  }

  /** Whether the pool has this very array: then the next to ask for one like it gets it. */
  private boolean isPooled(byte[] array) {
    return Gate.acquireBytes(array.length, making) == array;
  }

  private static void grow(OutputStream growing) throws Exception {
    growing.write(new byte[array(growing).length + 1]);
  }

  @Test
  void whatWasOutgrownIsUsedAgain() throws Exception {
    OutputStream stream = make();
    byte[] first = array(stream);
    grow(stream);
    assertThat(array(stream)).isNotSameAs(first);
    assertThat(isPooled(first)).isTrue();
  }

  @Test
  void whatIsLetGoOfWhenClosedIsUsedAgainOnce() throws Exception {
    OutputStream stream = make();
    byte[] first = array(stream);
    stream.close();
    stream.close();
    assertThat(isPooled(first)).isTrue();
    assertThat(isPooled(first)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Verification.class)
  void whatIsCollectedIsTheSame(Verification verification) throws Exception {
    runtime.verification(verification);
    Random random = new Random(42);
    for (int round = 0; round < 300; round++) {
      OutputStream stream = make();
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      for (int i = random.nextInt(30); i > 0; i--) {
        byte[] piece = new byte[random.nextInt(3000)];
        random.nextBytes(piece);
        stream.write(piece);
        plain.write(piece);
      }
      assertThat((byte[]) growing.getMethod("toByteArray").invoke(stream))
          .isEqualTo(plain.toByteArray());
      if (random.nextBoolean()) {
        stream.close();
      }
    }
    runtime.tick();
    assertThat(runtime.drainEvents()).isEmpty();
    // what is watched for late writes is not used again
    assertThat(runtime.counts(making).hits() > 100).isEqualTo(verification != Verification.POISON);
  }

  @Test
  void whoeverMayKeepTheArrayHasItForGood() throws Exception {
    byte[][] kept = new byte[1][];
    OutputStream keeps =
        new OutputStream() {
          @Override
          public void write(int b) {}

          @Override
          public void write(byte[] from, int offset, int length) {
            kept[0] = from;
          }
        };
    OutputStream stream = make();
    stream.write(new byte[1000]);
    writeTo(stream, keeps);
    grow(stream);
    assertThat(isPooled(kept[0])).isFalse();
    // the one that came in its place was never shown
    byte[] second = array(stream);
    grow(stream);
    assertThat(isPooled(second)).isTrue();
  }

  private static class Passes extends OutputStream implements Allowed {
    @Override
    public void write(int b) throws IOException {}

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {}
  }

  @Test
  void whoeverIsAllowedHasGivenItBackWhenItReturns() throws Exception {
    OutputStream stream = make();
    byte[] first = array(stream);
    writeTo(stream, new Passes());
    grow(stream);
    assertThat(isPooled(first)).isTrue();
  }

  @Test
  void whoeverThrowsMayHaveItStill() throws Exception {
    OutputStream stream = make();
    byte[] first = array(stream);
    OutputStream throwing =
        new Passes() {
          @Override
          public void write(byte[] from, int offset, int length) throws IOException {
            throw new IOException("full");
          }
        };
    assertThatThrownBy(() -> writeTo(stream, throwing)).hasMessage("full");
    grow(stream);
    assertThat(isPooled(first)).isFalse();
  }

  @Test
  void whoeverGrowsTheObjectInTurnReadsOnUndisturbed() throws Exception {
    OutputStream stream = make();
    byte[] text = new byte[1500];
    Arrays.fill(text, (byte) 'x');
    stream.write(text);
    byte[] first = array(stream);
    List<byte[]> others = new ArrayList<>();
    OutputStream growsIt =
        new Passes() {
          @Override
          public void write(byte[] from, int offset, int length) throws IOException {
            stream.write(new byte[from.length]);
            others.add(Gate.acquireBytes(from.length, making));
            Arrays.fill(others.get(0), (byte) 'o');
            assertThat(Arrays.copyOf(from, length)).isEqualTo(text);
            assertThat(others.get(0)).isNotSameAs(from);
          }
        };
    writeTo(stream, growsIt);
    assertThat(others).hasSize(1);
    assertThat(isPooled(first)).isFalse();
  }

  @Test
  void aStreamWrittenToItselfIsDoubled() throws Exception {
    OutputStream stream = make();
    byte[] text = new byte[1500];
    new Random(1).nextBytes(text);
    stream.write(text);
    writeTo(stream, stream);
    byte[] twice = (byte[]) growing.getMethod("toByteArray").invoke(stream);
    assertThat(Arrays.copyOf(twice, 1500)).isEqualTo(text);
    assertThat(Arrays.copyOfRange(twice, 1500, 3000)).isEqualTo(text);
  }

  @Test
  void whatWasThereBeforeIsLeftToTheCollector() throws Exception {
    runtime.mode(making, SiteMode.COUNT);
    OutputStream stream = make();
    byte[] first = array(stream);
    runtime.mode(making, SiteMode.POOL);
    grow(stream);
    assertThat(isPooled(first)).isFalse();
  }

  @Test
  void whatIsKnownToAnotherRowIsNot() throws Exception {
    OutputStream stream = make();
    byte[] first = array(stream);
    // as after the site was taken back and proven anew: nobody has seen what became of its arrays
    runtime.replaces(replacing, growing);
    grow(stream);
    assertThat(isPooled(first)).isFalse();
  }

  @Test
  void classesBelowMayHaveOtherUsesForTheirArrays() throws Exception {
    OutputStream stream = make();
    runtime.replaces(replacing, Object.class);
    runtime.makesFor(making, replacing);
    byte[] first = array(make());
    stream.close();
    assertThat(isPooled(first)).isFalse();
  }

  @Test
  void aClassThatDoesOtherwiseIsNotRewritten() throws Exception {
    byte[] before = Fixture.compile("Growing", 17).get(NAME);
    Verdict.Field other =
        new Verdict.Field(new TypeRef("fixtures/Growing", LoaderRef.BOOT), "count", "I");
    SitePlan plan =
        plans(before).stream()
            .filter(each -> each.method().equals("room"))
            .filter(each -> each.treatment() instanceof RecycleOutgrown)
            .findFirst()
            .orElseThrow();
    RecycleOutgrown wrong = new RecycleOutgrown(other, ((RecycleOutgrown) plan.treatment()).uses());
    RewrittenClass after =
        new ClassRewriter()
            .rewrite(
                before,
                List.of(new SitePlan(1, plan.method(), plan.descriptor(), plan.ordinal(), wrong)));
    assertThat(after.refused()).containsKey(1);
    assertThat(after.classFile()).isNull();
  }
}

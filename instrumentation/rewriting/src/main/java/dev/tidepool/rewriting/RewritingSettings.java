package dev.tidepool.rewriting;

import dev.tidepool.rewriting.gate.Calibration;
import dev.tidepool.rewriting.remedy.RecycleHandedBack;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the user may set about pooling; every value may change while the agent runs.
 *
 * @param minBytes mean size from which an array is worth pooling
 * @param calibrated whether that is to be measured in this virtual machine
 * @param include class patterns {@code org.x.*} separated by {@code ;}; empty for all classes.
 *     Where given, the methods of matching classes are nominated as they load, without JFR.
 * @param exclude class patterns never touched
 * @param without names of remedies that are not applied, as {@link #REMEDIES} has them
 * @param hotBytesPerSecond rate from which a site is worth a proof
 * @param hotShare share (0..1) of all counted bytes from which a site is worth a proof
 * @param countFor how long a site is counted before it is judged
 * @param tryFor longest trial of a proven site when nothing speaks against it
 */
public record RewritingSettings(
    PoolingMode pooling,
    PoolingEvidence evidence,
    PoolingVerify verify,
    long minBytes,
    boolean calibrated,
    String include,
    String exclude,
    Set<String> without,
    long hotBytesPerSecond,
    double hotShare,
    Duration countFor,
    Duration tryFor) {

  /** What is done about arrays and native memory, by the names that sites show. */
  public static final List<String> REMEDIES =
      List.of(
          "PoolLocal",
          "PoolOwned",
          "Presize",
          "RecycleOutgrown",
          "RecycleHandedBack",
          "RecycleNative",
          "RecycleDirect");

  public RewritingSettings {
    without = Set.copyOf(without);
    if (minBytes < 0 || hotBytesPerSecond < 0 || hotShare < 0 || hotShare > 1) {
      throw new IllegalArgumentException("negative size or rate, or share above 1");
    }
  }

  /** The values that hold where the user says nothing. */
  public static RewritingSettings defaults() {
    return new RewritingSettings(
        PoolingMode.ON,
        PoolingEvidence.PROVEN,
        PoolingVerify.SAMPLE,
        Calibration.SAFE_BYTES,
        true,
        "",
        "",
        Set.of(),
        1 << 20,
        0.01,
        Duration.ofSeconds(1),
        Duration.ofSeconds(3));
  }

  public RewritingSettings withPooling(PoolingMode value) {
    return with(draft -> draft.pooling = value);
  }

  public RewritingSettings withEvidence(PoolingEvidence value) {
    return with(draft -> draft.evidence = value);
  }

  public RewritingSettings withVerify(PoolingVerify value) {
    return with(draft -> draft.verify = value);
  }

  public RewritingSettings withMinBytes(long value) {
    return with(
        draft -> {
          draft.minBytes = value;
          draft.calibrated = false;
        });
  }

  public RewritingSettings withInclude(String value) {
    return with(draft -> draft.include = value);
  }

  public RewritingSettings withExclude(String value) {
    return with(draft -> draft.exclude = value);
  }

  public RewritingSettings without(Set<String> remedies) {
    return with(draft -> draft.without = remedies);
  }

  /** Whether a remedy may be applied; null is none. */
  public boolean allows(String remedy) {
    return remedy == null || (!without.contains(remedy) && !lacksProof(remedy));
  }

  /** Why one that is not allowed is not. */
  public String whyNot(String remedy) {
    return lacksProof(remedy)
        ? remedy + " rests on the library's word: pooling.evidence=observed takes it"
        : remedy + " is switched off: pooling.without";
  }

  /**
   * What a library hands back nobody has proven to be used no more: it may be closed by one thread
   * while another is still at work in it.
   */
  private boolean lacksProof(String remedy) {
    return remedy.equals(RecycleHandedBack.NAME) && evidence != PoolingEvidence.OBSERVED;
  }

  public RewritingSettings withHot(long bytesPerSecond, double share) {
    return with(
        draft -> {
          draft.hotBytesPerSecond = bytesPerSecond;
          draft.hotShare = share;
        });
  }

  public RewritingSettings withTimes(Duration count, Duration trial) {
    return with(
        draft -> {
          draft.countFor = count;
          draft.tryFor = trial;
        });
  }

  private RewritingSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** The same values, each open to change. */
  private static final class Draft {
    private PoolingMode pooling;
    private PoolingEvidence evidence;
    private PoolingVerify verify;
    private long minBytes;
    private boolean calibrated;
    private String include;
    private String exclude;
    private Set<String> without;
    private long hotBytesPerSecond;
    private double hotShare;
    private Duration countFor;
    private Duration tryFor;

    Draft(RewritingSettings of) {
      pooling = of.pooling;
      evidence = of.evidence;
      verify = of.verify;
      minBytes = of.minBytes;
      calibrated = of.calibrated;
      include = of.include;
      exclude = of.exclude;
      without = of.without;
      hotBytesPerSecond = of.hotBytesPerSecond;
      hotShare = of.hotShare;
      countFor = of.countFor;
      tryFor = of.tryFor;
    }

    RewritingSettings settings() {
      return new RewritingSettings(
          pooling,
          evidence,
          verify,
          minBytes,
          calibrated,
          include,
          exclude,
          without,
          hotBytesPerSecond,
          hotShare,
          countFor,
          tryFor);
    }
  }
}

package dev.tidepool.rewriting;

import java.time.Duration;

/**
 * What the user may set about pooling; every value may change while the agent runs.
 *
 * @param minBytes mean size from which an array is worth pooling
 * @param include class patterns {@code org.x.*} separated by {@code ;}; empty for all classes.
 *     Where given, the methods of matching classes are nominated as they load, without JFR.
 * @param exclude class patterns never touched
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
    String include,
    String exclude,
    long hotBytesPerSecond,
    double hotShare,
    Duration countFor,
    Duration tryFor) {

  public RewritingSettings {
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
        2048,
        "",
        "",
        1 << 20,
        0.01,
        Duration.ofSeconds(1),
        Duration.ofSeconds(3));
  }

  public RewritingSettings withPooling(PoolingMode value) {
    return new RewritingSettings(
        value,
        evidence,
        verify,
        minBytes,
        include,
        exclude,
        hotBytesPerSecond,
        hotShare,
        countFor,
        tryFor);
  }

  public RewritingSettings withEvidence(PoolingEvidence value) {
    return new RewritingSettings(
        pooling,
        value,
        verify,
        minBytes,
        include,
        exclude,
        hotBytesPerSecond,
        hotShare,
        countFor,
        tryFor);
  }

  public RewritingSettings withVerify(PoolingVerify value) {
    return new RewritingSettings(
        pooling,
        evidence,
        value,
        minBytes,
        include,
        exclude,
        hotBytesPerSecond,
        hotShare,
        countFor,
        tryFor);
  }

  public RewritingSettings withMinBytes(long value) {
    return new RewritingSettings(
        pooling,
        evidence,
        verify,
        value,
        include,
        exclude,
        hotBytesPerSecond,
        hotShare,
        countFor,
        tryFor);
  }

  public RewritingSettings withInclude(String value) {
    return new RewritingSettings(
        pooling,
        evidence,
        verify,
        minBytes,
        value,
        exclude,
        hotBytesPerSecond,
        hotShare,
        countFor,
        tryFor);
  }

  public RewritingSettings withExclude(String value) {
    return new RewritingSettings(
        pooling,
        evidence,
        verify,
        minBytes,
        include,
        value,
        hotBytesPerSecond,
        hotShare,
        countFor,
        tryFor);
  }

  public RewritingSettings withHot(long bytesPerSecond, double share) {
    return new RewritingSettings(
        pooling,
        evidence,
        verify,
        minBytes,
        include,
        exclude,
        bytesPerSecond,
        share,
        countFor,
        tryFor);
  }

  public RewritingSettings withTimes(Duration count, Duration trial) {
    return new RewritingSettings(
        pooling,
        evidence,
        verify,
        minBytes,
        include,
        exclude,
        hotBytesPerSecond,
        hotShare,
        count,
        trial);
  }
}

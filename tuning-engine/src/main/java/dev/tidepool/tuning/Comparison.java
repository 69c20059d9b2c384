package dev.tidepool.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Switches something on and off in turn and compares: the A/B test of the pools, a site or a lever
 * on the live load. Drive it with one snapshot a second.
 *
 * <p>Each window's first fifth is left out, so that one state does not bleed into the other. They
 * follow each other as on, off, off, on, so that a load that drifts weighs on both alike. The
 * difference is judged by Welch's test: Student's t with the degrees of freedom that two series of
 * different spread have.
 */
public final class Comparison {
  private static final double SETTLE_SHARE = 0.2;

  private final String subject;
  private final Consumer<Boolean> subjectSwitch;
  private final double windowSeconds;
  private final int pairs;
  private final Series collector = new Series();
  private final Series allocation = new Series();
  private Snapshot windowStart;
  private double switchedAt = Double.NaN;
  private int windows;
  private boolean isOn;
  private boolean done;

  /**
   * A comparison that begins with the next snapshot.
   *
   * @param pairs windows of each state
   */
  public Comparison(
      String subject, Consumer<Boolean> subjectSwitch, double windowSeconds, int pairs) {
    this.subject = subject;
    this.subjectSwitch = subjectSwitch;
    this.windowSeconds = windowSeconds;
    this.pairs = pairs;
  }

  /**
   * What came out, on against off.
   *
   * @param collectorCpu collector CPU seconds per CPU second of the process
   * @param allocation bytes allocated per CPU second of the process
   * @param windows of each state so far
   */
  public record Result(String subject, Figure collectorCpu, Figure allocation, int windows) {

    /** One line for people. */
    public String summary() {
      return String.format(
          Locale.ROOT,
          "%s on against off, %d windows each: GC CPU %.1f %% against %.1f %% (confidence %.0f %%),"
              + " allocated %.1f against %.1f MB per CPU second (%.0f %%)",
          subject,
          windows,
          100 * collectorCpu.on(),
          100 * collectorCpu.off(),
          100 * collectorCpu.confidence(),
          allocation.on() / 1048576,
          allocation.off() / 1048576,
          100 * allocation.confidence());
    }
  }

  /**
   * Means of one figure.
   *
   * @param confidence that the difference is not noise, 0..1
   */
  public record Figure(double on, double off, double confidence) {
    public double difference() {
      return on - off;
    }
  }

  /** One snapshot; leaves the subject on when the last window is over. */
  public void step(Snapshot now) {
    if (done) {
      return;
    }
    if (Double.isNaN(switchedAt)) {
      turn(true, now);
    }
    double in = now.second() - switchedAt;
    if (windowStart == null && in >= SETTLE_SHARE * windowSeconds) {
      windowStart = now;
    }
    if (in >= windowSeconds && windowStart != null) {
      add(windowStart, now);
      windows++;
      if (windows >= 2 * pairs) {
        end();
      } else {
        turn(windows % 4 == 0 || windows % 4 == 3, now);
      }
    }
  }

  private void add(Snapshot from, Snapshot to) {
    double all = Math.max(1e-3, to.process().cpuSeconds() - from.process().cpuSeconds());
    collector.add(isOn, (to.gc().cpuSeconds() - from.gc().cpuSeconds()) / all);
    allocation.add(isOn, (to.gc().allocatedBytes() - from.gc().allocatedBytes()) / all);
  }

  private void turn(boolean to, Snapshot now) {
    boolean changes = Double.isNaN(switchedAt) || to != isOn;
    isOn = to;
    switchedAt = now.second();
    windowStart = null;
    if (changes) {
      subjectSwitch.accept(to);
    }
  }

  /** Breaks it off, or finishes it: the subject is left on. */
  public void end() {
    if (!done) {
      done = true;
      subjectSwitch.accept(true);
    }
  }

  public String subject() {
    return subject;
  }

  public boolean done() {
    return done;
  }

  /** As far as it has come. */
  public Result result() {
    return new Result(
        subject,
        collector.figure(),
        allocation.figure(),
        Math.min(collector.on.size(), collector.off.size()));
  }

  /** Windows of one figure in both states. */
  private static final class Series {
    final List<Double> on = new ArrayList<>();
    final List<Double> off = new ArrayList<>();

    void add(boolean isOn, double value) {
      (isOn ? on : off).add(value);
    }

    Figure figure() {
      double a = mean(on);
      double b = mean(off);
      return new Figure(a, b, confidence(a, b));
    }

    private double confidence(double a, double b) {
      if (on.size() < 2 || off.size() < 2) {
        return 0;
      }
      double ofOn = variance(on, a) / on.size();
      double ofOff = variance(off, b) / off.size();
      double error = Math.sqrt(ofOn + ofOff);
      if (error == 0) {
        return a == b ? 0 : 1;
      }
      double degrees =
          (ofOn + ofOff)
              * (ofOn + ofOff)
              / (ofOn * ofOn / (on.size() - 1) + ofOff * ofOff / (off.size() - 1));
      return StudentT.within(Math.abs(a - b) / error, degrees);
    }

    private static double mean(List<Double> values) {
      return values.stream().mapToDouble(v -> v).average().orElse(0);
    }

    private static double variance(List<Double> values, double mean) {
      return values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / (values.size() - 1);
    }
  }
}

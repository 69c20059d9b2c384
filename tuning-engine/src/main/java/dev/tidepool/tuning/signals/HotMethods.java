package dev.tidepool.tuning.signals;

import dev.tidepool.rewriting.Nomination;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Adds up samples by method and says which methods allocate much.
 *
 * <p>A method is nominated as soon as its weight, halved every {@value #HALF_LIFE_SECONDS} seconds,
 * reaches the threshold and a share of all beyond chance, and again every {@value #REPEAT_SECONDS}
 * seconds while it stays above, each time with the bytes seen since the last time. Used by one
 * thread.
 */
final class HotMethods {
  static final int HALF_LIFE_SECONDS = 5;
  static final int REPEAT_SECONDS = 10;
  static final int MOST_METHODS = 2_000;

  /**
   * What makes less of all bytes is left alone: rewriting a class costs its methods the compiled
   * code and what was learned about them, for some seconds a third of the speed in a program that
   * spends its time there (measured with PDFBox); that must be worth it.
   */
  static final double LEAST_SHARE = 0.05;

  /** A few samples may come from anywhere, unless nearly all do. */
  private static final double SURE_SAMPLES = 6;

  private static final double SURE_SHARE = 0.25;
  private static final int MOST_CALLERS = 16;

  private static final class Weight {
    double decayed;
    double squares; // of the samples in it
    double samples;
    long unreported;
    long lastReported = Long.MIN_VALUE;
    long since = Long.MIN_VALUE;
    final Set<String> through = new HashSet<>();
    final ByteSums<StackStep> madeFor = new ByteSums<>(MOST_CALLERS);

    Weight(long since) {
      this.since = since;
    }

    /**
     * What is left where chance has given it as much more than its due as it does in one case of
     * six: a standard error below. A sample stands for all its thread has made since the last one,
     * so a few of them may come to ten times the usual.
     */
    double certain() {
      return decayed - Math.sqrt(squares);
    }

    void decay(double by) {
      decayed *= by;
      squares *= by * by;
      samples *= by;
    }
  }

  private final Map<StackStep, Weight> methods = new HashMap<>();
  private final long thresholdBytes;
  private final Consumer<Nomination> nominations;
  private final boolean callers;
  private long lastSecond = Long.MIN_VALUE;
  private double allDecayed;

  /** Of methods that allocate themselves. */
  HotMethods(long thresholdBytes, Consumer<Nomination> nominations) {
    this(thresholdBytes, nominations, false);
  }

  /**
   * @param callers whether the methods only call what allocates
   */
  HotMethods(long thresholdBytes, Consumer<Nomination> nominations, boolean callers) {
    this.thresholdBytes = thresholdBytes;
    this.nominations = nominations;
    this.callers = callers;
  }

  /**
   * @param through growing classes by way of which the bytes came; there are few of them
   */
  void add(StackStep method, Collection<String> through, long bytes) {
    add(method, through, null, bytes);
  }

  /**
   * @param madeFor whose call the bytes were made for, or null
   */
  void add(StackStep method, Collection<String> through, StackStep madeFor, long bytes) {
    Weight weight = methods.get(method);
    if (weight == null) {
      if (methods.size() >= MOST_METHODS) {
        return;
      }
      weight = new Weight(lastSecond);
      methods.put(method, weight);
    }
    weight.decayed += bytes;
    weight.squares += (double) bytes * bytes;
    weight.samples++;
    weight.unreported += bytes;
    weight.through.addAll(through);
    if (madeFor != null) {
      weight.madeFor.add(madeFor, bytes);
    }
  }

  /**
   * Nominates what is due. Call about once a second, with a clock that counts seconds.
   *
   * @param all bytes of all samples since the last call
   */
  void report(long second, long all) {
    double decay =
        lastSecond == Long.MIN_VALUE
            ? 1
            : Math.pow(0.5, (double) (second - lastSecond) / HALF_LIFE_SECONDS);
    lastSecond = second;
    allDecayed += (double) all;
    double total = allDecayed;
    double threshold = Math.max((double) thresholdBytes, LEAST_SHARE * total);
    allDecayed *= decay;
    Iterator<Map.Entry<StackStep, Weight>> entries = methods.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<StackStep, Weight> entry = entries.next();
      Weight weight = entry.getValue();
      boolean most = weight.decayed >= Math.max(threshold, SURE_SHARE * total);
      boolean sure = weight.samples >= SURE_SAMPLES && weight.certain() >= threshold;
      if ((most || sure) && isDue(weight, second)) {
        weight.lastReported = second;
        nominate(entry.getKey(), weight, second, Math.min(1, weight.decayed / total));
        weight.unreported = 0;
        weight.since = second;
        weight.madeFor.clear();
      }
      weight.decay(decay);
      if (weight.decayed < thresholdBytes / 1024.0) {
        entries.remove();
      }
    }
  }

  int size() {
    return methods.size();
  }

  private static boolean isDue(Weight weight, long second) {
    return weight.unreported > 0
        && (weight.lastReported == Long.MIN_VALUE
            || second - weight.lastReported >= REPEAT_SECONDS);
  }

  private void nominate(StackStep step, Weight weight, long second, double share) {
    StackStep most = weight.madeFor.heaviest();
    nominations.accept(
        new Nomination(
            step.className(),
            null,
            step.method(),
            step.descriptor(),
            step.bytecodeIndex(),
            step.line(),
            Set.copyOf(weight.through),
            weight.unreported,
            // the first samples came in the second before
            weight.since == Long.MIN_VALUE ? 1 : Math.max(1, second - weight.since),
            share,
            callers,
            most == null ? null : most.element()));
  }
}

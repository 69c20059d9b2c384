package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How long proofs took, held against what they may take. It is time on a processor: what else the
 * machine does is not the proof's.
 */
final class ProofTimes {
  /** Past it a site is refused as too large to prove. */
  static final Duration BUDGET = Duration.ofSeconds(2);

  /** The budget is looked at between steps: the step it is spent in comes on top. */
  static final double MOST_MILLIS = 2_500;

  static final double MEDIAN_MILLIS = 200;

  /** A proof by its site, and what it took. */
  record Took(SiteKey site, double millis) {}

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final List<Took> all = new ArrayList<>();
  private boolean sorted;

  /** Proves a site and takes the time. */
  Verdict prove(EscapeProof proof, SiteKey site) {
    long start = threads.getCurrentThreadCpuTime();
    Verdict verdict = proof.prove(site);
    all.add(new Took(site, (threads.getCurrentThreadCpuTime() - start) / 1e6));
    sorted = false;
    return verdict;
  }

  int count() {
    return all.size();
  }

  /** The milliseconds that this share of the proofs took at most. */
  double millis(double share) {
    return all.isEmpty() ? 0 : sorted().get((int) ((all.size() - 1) * share)).millis();
  }

  /** The longest of them, the longest first. */
  List<Took> longest(int most) {
    List<Took> longest = new ArrayList<>(sorted());
    return longest.subList(Math.max(0, longest.size() - most), longest.size()).stream()
        .sorted(Comparator.comparingDouble(Took::millis).reversed())
        .toList();
  }

  private List<Took> sorted() {
    if (!sorted) {
      all.sort(Comparator.comparingDouble(Took::millis));
      sorted = true;
    }
    return all;
  }
}

package dev.tidepool.rewriting.gate;

/**
 * What a shadow trial has seen.
 *
 * @param collected watched arrays the collector took once the method had left them
 * @param retained watched arrays that were still there when younger arrays of their size had been
 *     collected several times over: something keeps them
 * @param pending arrays still watched
 */
public record TrialEvidence(int collected, int retained, int pending) {
  public boolean clean() {
    return retained == 0 && collected > 0;
  }
}

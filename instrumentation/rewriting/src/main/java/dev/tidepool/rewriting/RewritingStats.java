package dev.tidepool.rewriting;

import java.util.List;

/**
 * What rewriting has done since it started.
 *
 * @param active sites whose buffers come from a pool now
 * @param refused sites not proven
 * @param trial sites on trial
 * @param counted sites only counted
 * @param reverted sites taken back
 * @param retransformations classes handed to the virtual machine for rewriting
 * @param quarantined classes that failed to be rewritten and are left alone
 * @param invalidations sites whose proof a class load or redefinition broke
 * @param loads class definitions looked at
 * @param openBreakers sites whose breaker is open
 * @param hits acquisitions served from a pool
 * @param misses acquisitions that had to allocate
 * @param bytesSaved bytes not allocated
 * @param proofNanos time spent on proofs
 * @param notes what does not work in this virtual machine and why, one line each
 */
public record RewritingStats(
    int active,
    int refused,
    int trial,
    int counted,
    int reverted,
    long retransformations,
    int quarantined,
    long invalidations,
    long loads,
    int openBreakers,
    long hits,
    long misses,
    long bytesSaved,
    long proofNanos,
    List<String> notes) {
  public RewritingStats {
    notes = List.copyOf(notes);
  }
}

package dev.tidepool.tuning.control;

import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.levers.Trimmed;
import java.util.Optional;

/**
 * When the C library is to give back what it holds free, though no limit is near. The compilers
 * take tens of megabytes for moments, most of it while a program starts, and the library keeps what
 * they free.
 *
 * <p>Often at first, then as seldom as the process is old, and more seldom still where it brings
 * nothing; what asks for native memory meanwhile waits for the time it takes, and so may a pause.
 */
final class TrimRule {
  private static final double FIRST_SECONDS = 5;
  private static final double SOONEST_SECONDS = 10;
  private static final double LONGEST_SECONDS = 600;

  /** Of the age of the process, between one and the next. */
  private static final double SHARE_OF_AGE = 0.25;

  /** Most of the time that may go into it. */
  private static final double MOST_BUSY = 1 / 2_000.0;

  private static final long WORTH_BYTES = 2L << 20;
  private static final double WORTH_SHARE = 0.005;

  private double next = Double.NaN;
  private int vain;
  private boolean missing;

  /** The move for this second, if any. */
  Optional<Move> step(Snapshot now) {
    if (Double.isNaN(next)) {
      next = now.second() + FIRST_SECONDS;
    }
    if (missing || now.second() < next) {
      return Optional.empty();
    }
    next = now.second() + wait(now);
    return Optional.of(new Move.TrimNative(false, "what the C library holds free is to go back"));
  }

  private double wait(Snapshot now) {
    double usual = Math.max(SOONEST_SECONDS, SHARE_OF_AGE * now.second());
    return Math.min(LONGEST_SECONDS, Math.scalb(usual, vain));
  }

  /** Told what came of one, whoever asked for it; empty where it cannot be done here. */
  void trimmed(Snapshot now, Optional<Trimmed> done) {
    missing = done.isEmpty();
    done.ifPresent(
        trim -> {
          long worth = Math.max(WORTH_BYTES, (long) (WORTH_SHARE * now.process().residentBytes()));
          vain = trim.bytes() < worth ? Math.min(10, vain + 1) : 0;
          next = now.second() + Math.max(wait(now), trim.seconds() / MOST_BUSY);
        });
  }
}

package dev.tidepool.tuning;

import java.time.Instant;
import java.util.Optional;

/**
 * One move of a lever with its reason and, once measured, its effect.
 *
 * @param id counts up from 1
 * @param lever name as in {@link LeverState}
 */
public record Decision(
    long id,
    Instant time,
    String lever,
    String from,
    String to,
    String reason,
    Outcome outcome,
    Optional<Effect> effect) {

  /** What became of it. */
  public enum Outcome {
    /** In force, not yet measured. */
    PENDING,
    /** Measured and left as it is. */
    KEPT,
    /** Made things worse beyond noise, and undone. */
    TAKEN_BACK,
    /** Not done because the mode is to observe. */
    OBSERVED,
    /** The VM said no or did not keep the value. */
    FAILED,
    /** Followed by another move before it could be measured. */
    SUPERSEDED,
    /** Moved by a user. */
    MANUAL,
    /** The outcome of a comparison: nothing was moved for good. */
    COMPARED
  }

  Decision with(Outcome other, Effect measured) {
    return new Decision(
        id, time, lever, from, to, reason, other, Optional.ofNullable(measured).or(() -> effect));
  }
}

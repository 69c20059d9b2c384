package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.site.Verdict;

/**
 * What the method gets from others and nobody else has goes to the pool on every way out: the
 * arrays of an object that it makes, or the array that a call returns.
 */
public record PoolOwned(Verdict.Proven proven) implements Remedy {
  public static final String NAME = "PoolOwned";

  @Override
  public String name() {
    return NAME;
  }
}

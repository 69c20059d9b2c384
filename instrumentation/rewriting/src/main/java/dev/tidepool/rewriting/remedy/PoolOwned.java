package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.site.Verdict;

/** The arrays of an object that dies with the method go to the pool on every way out. */
public record PoolOwned(Verdict.Proven proven) implements Remedy {
  @Override
  public String name() {
    return "PoolOwned";
  }
}

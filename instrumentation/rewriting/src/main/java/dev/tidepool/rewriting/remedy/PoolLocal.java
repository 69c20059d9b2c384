package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.site.Verdict;

/** The array comes from the pool and goes back on every way out of the method. */
public record PoolLocal(Verdict.Proven proven) implements Remedy {
  public static final String NAME = "PoolLocal";

  @Override
  public String name() {
    return NAME;
  }
}

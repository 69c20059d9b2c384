package dev.tidepool.apps.soundness;

/** One way to treat a buffer. Made anew for each thread; called over and over. */
@FunctionalInterface
interface Case {
  /**
   * Uses fresh buffers and checks them.
   *
   * @return depends on the seed alone
   * @throws AssertionError if a byte changed that nobody wrote
   */
  long run(long seed) throws Exception;
}

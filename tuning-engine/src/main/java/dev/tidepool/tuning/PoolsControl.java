package dev.tidepool.tuning;

/** What the engine asks of the buffer pools: the cheapest memory to give back. */
public interface PoolsControl {
  /** Bytes held now. */
  long bytes();

  /**
   * Called every second, and when the pressure has changed; must not block. Without pressure, too:
   * what pools hold and nobody uses grows old by these calls alone.
   */
  void follow(Pressure pressure);

  PoolsControl NONE =
      new PoolsControl() {
        @Override
        public long bytes() {
          return 0;
        }

        @Override
        public void follow(Pressure pressure) {}
      };
}

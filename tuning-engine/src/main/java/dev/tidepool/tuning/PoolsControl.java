package dev.tidepool.tuning;

/** What the engine asks of the buffer pools: the cheapest memory to give back. */
public interface PoolsControl {
  /** Bytes held now. */
  long bytes();

  /** Called when the pressure has changed and every second while it is high; must not block. */
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

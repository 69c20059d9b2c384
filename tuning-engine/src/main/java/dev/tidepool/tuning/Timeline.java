package dev.tidepool.tuning;

/** Where decisions and pressure are shown over time; JFR where it is there, else nowhere. */
public interface Timeline {
  void decision(Decision decision);

  void pressure(Pressure pressure);

  /** Takes what was registered away again. */
  void close();

  Timeline NONE =
      new Timeline() {
        @Override
        public void decision(Decision decision) {}

        @Override
        public void pressure(Pressure pressure) {}

        @Override
        public void close() {}
      };
}

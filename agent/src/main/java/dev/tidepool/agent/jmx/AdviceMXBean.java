package dev.tidepool.agent.jmx;

import java.util.List;

/** {@code dev.tidepool:type=Advice}. */
public interface AdviceMXBean {
  /** What a person should know or change, the surest first as the engine gives it. */
  List<AdviceRow> getAdvice();

  /** The same as JSON. */
  String advise();
}

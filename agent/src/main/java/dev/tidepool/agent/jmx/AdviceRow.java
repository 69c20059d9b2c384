package dev.tidepool.agent.jmx;

import dev.tidepool.tuning.Advice;

/** A piece of advice as an open type. */
public final class AdviceRow {
  private final Advice advice;

  AdviceRow(Advice advice) {
    this.advice = advice;
  }

  public String getId() {
    return advice.id();
  }

  public String getTitle() {
    return advice.title();
  }

  public String getEvidence() {
    return advice.evidence();
  }

  public String getAction() {
    return advice.action();
  }

  public String getEffect() {
    return advice.effect();
  }

  public double getConfidence() {
    return advice.confidence();
  }
}

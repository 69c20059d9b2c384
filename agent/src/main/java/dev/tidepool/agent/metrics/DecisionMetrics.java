package dev.tidepool.agent.metrics;

import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.TuningEngine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.TreeMap;

/** Decisions by lever and by what became of them; one is counted once its outcome is known. */
final class DecisionMetrics implements MeterBinder {
  private final TuningEngine engine;
  private final TreeMap<Long, Decision> open = new TreeMap<>();
  private long lastSeen;

  DecisionMetrics(TuningEngine engine) {
    this.engine = engine;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    // a counter that is there from the start reads as zero instead of as missing
    counter(registry, "none", Decision.Outcome.KEPT);
  }

  /** Counts what was decided or settled since the last time. */
  void refresh(MeterRegistry registry) {
    for (Decision decision : engine.decisions()) {
      if (decision.id() > lastSeen) {
        lastSeen = decision.id();
        open.put(decision.id(), decision);
      } else {
        open.computeIfPresent(decision.id(), (id, earlier) -> decision);
      }
    }
    open.values()
        .removeIf(
            decision -> {
              boolean settled = decision.outcome() != Decision.Outcome.PENDING;
              if (settled) {
                counter(registry, decision.lever(), decision.outcome()).increment();
              }
              return settled;
            });
  }

  private static Counter counter(MeterRegistry registry, String lever, Decision.Outcome outcome) {
    return Counter.builder("tidepool.decisions")
        .description("Decisions by lever and outcome")
        .tag("lever", lever)
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }
}

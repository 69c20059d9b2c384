package dev.tidepool.agent.metrics;

import dev.tidepool.rewriting.Rewriting;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How many sites are in each state of their life. */
final class SiteMetrics implements MeterBinder {
  private final Rewriting rewriting;
  private final Map<SiteState, AtomicInteger> counts = new EnumMap<>(SiteState.class);

  SiteMetrics(Rewriting rewriting) {
    this.rewriting = rewriting;
    for (SiteState state : SiteState.values()) {
      counts.put(state, new AtomicInteger());
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counts.forEach(
        (state, count) ->
            Gauge.builder("tidepool.sites", count, AtomicInteger::get)
                .description("Allocation sites by state")
                .tag("state", state.name().toLowerCase(Locale.ROOT))
                .register(registry));
    Gauge.builder("tidepool.breaker.open", rewriting, r -> r.stats().openBreakers())
        .description("Sites whose breaker is open")
        .register(registry);
  }

  /** Counts once for all gauges. */
  void refresh() {
    Map<SiteState, Integer> now = new EnumMap<>(SiteState.class);
    for (SiteReport site : rewriting.sites()) {
      now.merge(site.state(), 1, Integer::sum);
    }
    counts.forEach((state, count) -> count.set(now.getOrDefault(state, 0)));
  }
}

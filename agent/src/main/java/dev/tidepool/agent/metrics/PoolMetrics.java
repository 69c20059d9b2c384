package dev.tidepool.agent.metrics;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.Rewriting;
import dev.tidepool.rewriting.SiteReport;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the pools hold and what they saved. */
final class PoolMetrics implements MeterBinder {
  private static final String FIRST_REMEDY = "PoolLocal";

  private final PrimitivePools pools;
  private final Rewriting rewriting;
  private final Map<String, AtomicLong> savedByRemedy = new ConcurrentHashMap<>();

  PoolMetrics(PrimitivePools pools, Rewriting rewriting) {
    this.pools = pools;
    this.rewriting = rewriting;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("tidepool.pool.hits", pools, p -> p.stats().hits())
        .description("Buffers taken from a pool")
        .register(registry);
    FunctionCounter.builder("tidepool.pool.misses", pools, p -> p.stats().misses())
        .description("Buffers that had to be allocated")
        .register(registry);
    Gauge.builder("tidepool.pool.hit.ratio", pools, p -> p.stats().hitRatio())
        .description("Hits as a part (0..1) of all takes")
        .register(registry);
    Gauge.builder("tidepool.pool.bytes", pools, p -> p.stats().heldBytes())
        .description("Bytes waiting in the pools")
        .baseUnit("bytes")
        .register(registry);
    saved(registry, FIRST_REMEDY);
  }

  /** Adds up the sites' savings; a site that is forgotten does not make a counter go back. */
  void refresh(MeterRegistry registry) {
    Map<String, Long> now = new TreeMap<>();
    for (SiteReport site : rewriting.sites()) {
      if (site.remedy() != null) {
        now.merge(site.remedy(), site.bytesSaved(), Long::sum);
      }
    }
    now.forEach((remedy, bytes) -> saved(registry, remedy).accumulateAndGet(bytes, Math::max));
  }

  private AtomicLong saved(MeterRegistry registry, String remedy) {
    AtomicLong known = savedByRemedy.get(remedy);
    if (known != null) {
      return known;
    }
    AtomicLong fresh = new AtomicLong();
    savedByRemedy.put(remedy, fresh);
    FunctionCounter.builder("tidepool.pool.saved.bytes", fresh, AtomicLong::get)
        .description("Bytes that did not have to be allocated")
        .baseUnit("bytes")
        .tag("remedy", remedy)
        .register(registry);
    return fresh;
  }
}

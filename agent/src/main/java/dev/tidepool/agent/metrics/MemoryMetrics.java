package dev.tidepool.agent.metrics;

import dev.tidepool.tuning.Pressure;
import dev.tidepool.tuning.TuningEngine;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Heap, container, allocation and the pressure they add up to. */
record MemoryMetrics(TuningEngine engine) implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("tidepool.pressure.ratio", engine, e -> e.pressure().ratio())
        .description("How near the process is to its memory limits, 1 at the limit")
        .register(registry);
    Gauge.builder("tidepool.pressure.level", engine, e -> number(e.pressure().level()))
        .description("Pressure: 0 none, 1 low, 2 medium, 3 high, 4 critical")
        .register(registry);
    Gauge.builder("tidepool.heap.target.bytes", engine, e -> e.latest().heap().targetBytes())
        .description("Heap size the governor wants, 0 while it wants none")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("tidepool.heap.live.bytes", engine, e -> e.latest().heap().liveBytes())
        .description("Estimate of what a full collection would leave")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder(
            "tidepool.container.limit.bytes", engine, e -> e.latest().container().limitBytes())
        .description("Memory limit of the container or the user, 0 for none")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder(
            "tidepool.container.working.set.bytes",
            engine,
            e -> e.latest().container().workingSetBytes())
        .description("Container memory that counts against the limit")
        .baseUnit("bytes")
        .register(registry);
    FunctionCounter.builder(
            "tidepool.allocation.bytes", engine, e -> e.latest().gc().allocatedBytes())
        .description("Bytes allocated since the process began")
        .baseUnit("bytes")
        .register(registry);
  }

  private static int number(Pressure.Level level) {
    return switch (level) {
      case NONE -> 0;
      case LOW -> 1;
      case MEDIUM -> 2;
      case HIGH -> 3;
      case CRITICAL -> 4;
    };
  }
}

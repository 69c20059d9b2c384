package dev.tidepool.agent.metrics;

import dev.tidepool.tuning.TuningEngine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/** What collections cost. */
final class GcMetrics implements MeterBinder, AutoCloseable {
  private final TuningEngine engine;
  private final List<Runnable> undo = new ArrayList<>();

  GcMetrics(TuningEngine engine) {
    this.engine = engine;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("tidepool.gc.cpu.ratio", engine, e -> e.latest().gc().cpuRatio())
        .description("Collector's share (0..1) of the process's CPU time")
        .register(registry);
    Timer pauses =
        Timer.builder("tidepool.gc.pause")
            .description("Times the application was stopped by a collection")
            .publishPercentiles(0.5, 0.9, 0.99, 0.999)
            .distributionStatisticExpiry(Duration.ofMinutes(5))
            .distributionStatisticBufferLength(5)
            .register(registry);
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (measuresPauses(bean.getName()) && bean instanceof NotificationEmitter emitter) {
        listen(emitter, pauses);
      }
    }
  }

  /** The cycles of concurrent collectors have beans of their own; they are not pauses. */
  private static boolean measuresPauses(String bean) {
    return !bean.endsWith("Cycles");
  }

  private void listen(NotificationEmitter emitter, Timer pauses) {
    NotificationListener listener = (notification, handback) -> record(notification, pauses);
    emitter.addNotificationListener(listener, null, null);
    undo.add(
        () -> {
          try {
            emitter.removeNotificationListener(listener);
          } catch (ListenerNotFoundException removed) {
            // what was wanted
          }
        });
  }

  private static void record(Notification notification, Timer pauses) {
    if (notification.getUserData() instanceof CompositeData data
        && data.get("gcInfo") instanceof CompositeData gc
        && gc.get("duration") instanceof Long millis) {
      pauses.record(Duration.ofMillis(millis));
    }
  }

  @Override
  public void close() {
    undo.forEach(Runnable::run);
  }
}

package dev.tidepool.apps.load;

import dev.tidepool.apps.Catalogue;
import java.time.Duration;
import java.util.List;

/**
 * How one application is to be run.
 *
 * @param heap arguments of the measured java command about its memory, as {@code -Xmx512m}
 * @param threads that do operations
 * @param warmUp before measuring, the same with and without the agent
 * @param measure length of a measured run
 * @param perSecond rate of operations, or 0 for as many as they can
 */
public record Plan(
    Catalogue app,
    Jdk jdk,
    Collector collector,
    List<String> heap,
    int threads,
    Duration warmUp,
    Duration measure,
    double perSecond) {

  /** The usual plan for an application. */
  public static Plan of(Catalogue app, Jdk jdk, Collector collector) {
    return new Plan(
        app,
        jdk,
        collector,
        List.of("-Xms512m", "-Xmx512m"),
        app.threads(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(8),
        0);
  }

  /** The same for other times. */
  public Plan lasting(Duration newWarmUp, Duration newMeasure) {
    return new Plan(app, jdk, collector, heap, threads, newWarmUp, newMeasure, perSecond);
  }

  /** The same with another rate. */
  public Plan at(double newPerSecond) {
    return new Plan(app, jdk, collector, heap, threads, warmUp, measure, newPerSecond);
  }

  /** The same with half the threads, for half the machine. */
  public Plan halved() {
    int half = Math.max(1, threads / 2);
    return new Plan(app, jdk, collector, heap, half, warmUp, measure, perSecond);
  }

  /** The same with other arguments about memory. */
  public Plan heap(String... newHeap) {
    return new Plan(app, jdk, collector, List.of(newHeap), threads, warmUp, measure, perSecond);
  }
}

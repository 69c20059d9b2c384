package dev.tidepool.tuning.control;

import static dev.tidepool.tuning.control.SimulatedHeap.MB;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.Ledger;
import dev.tidepool.tuning.PoolsControl;
import dev.tidepool.tuning.Snapshot;
import dev.tidepool.tuning.TuningSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.IntConsumer;

/** The real controller on a simulated heap. */
final class Simulation {
  final SimulatedHeap heap;
  final Ledger ledger = new Ledger(10_000);
  final Controller controller;
  Snapshot last;
  private int second;

  Simulation(Collector collector, long maxMegabytes, long seed, TuningSettings settings) {
    heap = new SimulatedHeap(collector, maxMegabytes * MB, seed);
    controller =
        new Controller(
            collector,
            false,
            heap.levers(),
            heap,
            ledger,
            PoolsControl.NONE,
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
            settings);
  }

  static Simulation of(Collector collector, long maxMegabytes, long seed) {
    return new Simulation(collector, maxMegabytes, seed, TuningSettings.DEFAULT);
  }

  Simulation load(long liveMegabytes, double megabytesPerSecond) {
    heap.live = liveMegabytes * MB;
    heap.rate = megabytesPerSecond * MB;
    return this;
  }

  Simulation limit(long megabytes) {
    heap.limit = megabytes * MB;
    return this;
  }

  /** Runs so many seconds; the load may be changed before each. */
  Simulation run(int seconds, IntConsumer before) {
    for (int i = 0; i < seconds; i++) {
      before.accept(second++);
      last = heap.advance(1);
      controller.step(last);
    }
    return this;
  }

  Simulation run(int seconds) {
    return run(seconds, s -> {});
  }

  List<Decision> decisions(String lever) {
    return ledger.of(lever);
  }
}

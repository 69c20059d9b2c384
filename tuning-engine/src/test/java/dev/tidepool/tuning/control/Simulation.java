package dev.tidepool.tuning.control;

import static dev.tidepool.tuning.control.SimulatedHeap.MB;

import dev.tidepool.tuning.Collector;
import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.Ledger;
import dev.tidepool.tuning.PoolsControl;
import dev.tidepool.tuning.Pressure;
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
  int trims;
  private final PoolsControl pools =
      new PoolsControl() {
        @Override
        public long bytes() {
          return 0;
        }

        @Override
        public void follow(Pressure pressure) {
          trims++;
        }
      };
  Snapshot last;
  private int second;

  Simulation(Collector collector, long maxMegabytes, long seed, TuningSettings settings) {
    this(collector, maxMegabytes, seed, settings, false);
  }

  Simulation(
      Collector collector, long maxMegabytes, long seed, TuningSettings settings, boolean fixed) {
    this(collector, new SimulatedHeap(collector, maxMegabytes * MB, seed), settings, fixed);
  }

  private Simulation(
      Collector collector, SimulatedHeap heap, TuningSettings settings, boolean fixed) {
    this.heap = heap;
    controller =
        new Controller(
            collector,
            fixed,
            heap.levers(),
            heap,
            ledger,
            pools,
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
            settings);
  }

  /** A machine whose user has given a flag on the command line, in megabytes. */
  static Simulation userSet(Collector collector, long max, long seed, String flag, long megabytes) {
    SimulatedHeap heap = new SimulatedHeap(collector, max * MB, seed);
    heap.userSet(flag, megabytes * MB);
    return new Simulation(collector, heap, TuningSettings.DEFAULT, false);
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

  /** The same with ten rounds in each second, as while memory is short. */
  Simulation runOften(int seconds) {
    for (int i = 0; i < 10 * seconds; i++) {
      last = heap.advance(0.1);
      controller.step(last);
    }
    second += seconds;
    return this;
  }

  Simulation run(int seconds) {
    return run(seconds, s -> {});
  }

  List<Decision> decisions(String lever) {
    return ledger.of(lever);
  }
}

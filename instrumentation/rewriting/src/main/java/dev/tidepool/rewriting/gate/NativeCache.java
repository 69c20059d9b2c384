package dev.tidepool.rewriting.gate;

import dev.tidepool.pools.Pressure;
import java.util.concurrent.TimeUnit;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Recycles the native memory of one site while the site pools, and counts it in any case. */
final class NativeCache {
  private static final int CLOSINGS = 100;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  final LongUnaryOperator takes = new Take();
  final LongBinaryOperator keeps = new Keep();
  final LongBinaryOperator kinds = new Kind();
  private final AddressShelves shelves = new AddressShelves();
  private final SiteRow row;
  private final Cells cells;
  private final NativeMemory memory;
  private volatile boolean scarce;
  private long settledAt;

  NativeCache(SiteRow row, Cells cells, NativeMemory memory) {
    this.row = row;
    this.cells = cells;
    this.memory = memory;
    warmUp();
  }

  /** Loads what the first call would, which may come on the thread that handles references. */
  private static void warmUp() {
    AddressShelves scratch = new AddressShelves();
    for (int i = 1; i < 10; i++) {
      scratch.keep(1, i, 1, 100);
    }
    scratch.settle();
    scratch.shedIdle();
    scratch.shed(7);
    scratch.take(1);
  }

  private long take(long kind) {
    long address = row.recycles() ? shelves.take(kind) : 0;
    memory.taken(kind, address != 0);
    cells.allocated(memory.bytes(kind));
    if (address != 0) {
      cells.reused(memory.bytes(kind));
    } else if (row.recycles()) {
      cells.add(Cells.MISSED, 1);
      // what is made anew now and what is kept shall not come to more than there ever was in use
      shed(memory.room(0));
    }
    return address;
  }

  private long keep(long address, long before) {
    long kind = memory.prepare(address, before);
    if (kind >= 0 && row.recycles() && !scarce) {
      long size = memory.bytes(kind);
      if (shelves.keep(kind, address, size, memory.room(size))) {
        return 0;
      }
    }
    memory.forget(address);
    return address;
  }

  /** Once a second, from a thread of the agent's. */
  void tick(long now, Pressure pressure) {
    memory.trim(now);
    scarce = pressure.compareTo(Pressure.HIGH) >= 0;
    shed(scarce || !row.recycles() ? 0 : memory.room(0));
    if (pressure.compareTo(Pressure.MEDIUM) >= 0 || now - settledAt >= IDLE_NANOS) {
      settledAt = now;
      for (long piece = shelves.shedIdle(); piece != 0; piece = shelves.shedIdle()) {
        memory.free(piece);
      }
      shelves.settle();
    }
  }

  private void shed(long room) {
    for (long piece = shelves.shed(room); piece != 0; piece = shelves.shed(room)) {
      memory.free(piece);
    }
  }

  /** Frees everything and keeps nothing any more; what cannot be reached is lost. */
  void close() {
    for (int i = 0; shelves.close() && shelves.bytes() > 0 && i < CLOSINGS; i++) {
      shed(0); // stops short where somebody else is at it
    }
  }

  private final class Take implements LongUnaryOperator {
    @Override
    public long applyAsLong(long kind) {
      return take(kind);
    }
  }

  private final class Keep implements LongBinaryOperator {
    @Override
    public long applyAsLong(long address, long kind) {
      return keep(address, kind);
    }
  }

  private final class Kind implements LongBinaryOperator {
    @Override
    public long applyAsLong(long address, long kind) {
      memory.becomes(address, kind);
      return address;
    }
  }
}

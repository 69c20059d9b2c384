package dev.tidepool.rewriting.gate;

import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** Ends the memory of the direct buffers of one site when their method leaves. */
final class BufferEnds implements BiConsumer<Object, Object> {
  private static final byte POISON = (byte) 0xDB;

  private final SiteRow row;
  private final Cells cells;
  private final BufferMemory memory;

  BufferEnds(SiteRow row, Cells cells, BufferMemory memory) {
    this.row = row;
    this.cells = cells;
    this.memory = memory;
  }

  @Override
  public void accept(Object buffer, Object none) {
    if (row.isTried()) {
      row.watch(buffer);
    } else if (row.isPoisoned()) {
      poison((ByteBuffer) buffer);
    } else if (row.recycles() && memory.end(buffer)) {
      cells.add(Cells.REUSED, 1);
    }
  }

  private void poison(ByteBuffer buffer) {
    if (memory.isAlive(buffer)) {
      // left to the collector: whoever still reads it is to find this, not a page that is gone
      ByteBuffer all = buffer.duplicate().clear();
      while (all.hasRemaining()) {
        all.put(POISON);
      }
    }
  }
}

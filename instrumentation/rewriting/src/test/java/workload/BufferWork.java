package workload;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a program does with buffers of its own. */
public final class BufferWork {
  private static final int SIZE = 100_000;

  private final List<ByteBuffer> held = new ArrayList<>();

  /** Those that were not let go. */
  public List<ByteBuffer> held() {
    return held;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not so: " + what);
    }
  }

  public long heap(int seed) {
    ByteBuffer buffer = ByteBuffer.allocate(SIZE);
    for (int at = 0; at < SIZE; at += 500) {
      check(buffer.get(at) == 0, "a new buffer is zero");
    }
    buffer.putLong(seed).put(5_000, (byte) seed).flip();
    return buffer.getLong();
  }

  public long direct(int seed) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    for (int at = 0; at < SIZE; at += 500) {
      check(buffer.get(at) == 0, "a new buffer is zero");
    }
    while (buffer.remaining() >= Long.BYTES) {
      buffer.putLong(seed);
    }
    ByteBuffer view = buffer.duplicate();
    view.position(8).limit(16);
    return view.slice().getLong();
  }

  /** Two in one method, one of them in rounds. */
  public int nested(int seed) {
    ByteBuffer sum = ByteBuffer.allocateDirect(16);
    for (int i = 0; i < 3; i++) {
      ByteBuffer round = ByteBuffer.allocateDirect(SIZE);
      check(round.get(i * 100) == 0, "a new buffer is zero");
      round.put(i * 100, (byte) 9);
      sum.putInt(0, sum.getInt(0) + round.get(i * 100));
    }
    check(sum.getInt(0) == 27, "nobody else has written there");
    return sum.getInt(0) + seed;
  }

  public int sometimes(boolean kept, int seed) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    buffer.putInt(4, 77).putInt(8, seed);
    if (kept) {
      held.add(buffer.duplicate());
    }
    return buffer.getInt(8);
  }

  /** Makes a buffer where the stack ends. */
  public long deep(int depth, int seed) {
    try {
      return depth < 0 ? 0 : deep(depth + 1, seed) + 1;
    } catch (StackOverflowError end) {
      return depth % 7 == 0 ? direct(seed) : 0;
    }
  }
}

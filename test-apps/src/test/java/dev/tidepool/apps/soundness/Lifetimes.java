package dev.tidepool.apps.soundness;

import java.io.IOException;
import java.io.OutputStream;

/** Cases in which a buffer stays in its method, along paths that are easy to get wrong. */
final class Lifetimes {
  private Lifetimes() {}

  /** The buffer of the turn before is still read in this one. */
  static final class DoubleBuffer implements Case {
    @Override
    public long run(long seed) {
      byte[] before = null;
      long sum = 0;
      for (int turn = 0; turn < 6; turn++) {
        byte[] now = new byte[Bytes.SIZE];
        Bytes.fill(now, 1500 + turn, seed + turn);
        if (before != null) {
          for (int i = 0; i < now.length; i++) {
            now[i] ^= before[i];
          }
          sum = sum * 31 + Bytes.sum(before);
        }
        before = now;
      }
      return sum + Bytes.sum(before);
    }
  }

  /** Two buffers that change places. */
  static final class Swap implements Case {
    @Override
    public long run(long seed) {
      byte[] from = new byte[Bytes.SIZE];
      byte[] to = new byte[Bytes.SIZE];
      Bytes.fill(from, 2500, seed);
      for (int turn = 0; turn < 4; turn++) {
        for (int i = 0; i < from.length; i++) {
          to[i] = (byte) (from[from.length - 1 - i] + turn);
        }
        byte[] swap = from;
        from = to;
        to = swap;
      }
      return Bytes.sum(from) * 31 + Bytes.sum(to);
    }
  }

  /** Leaves by return, by an exception of its own, by a callee's, and through finally. */
  static final class Exceptions implements Case {
    @Override
    public long run(long seed) {
      long sum = 0;
      for (int way = 0; way < 6; way++) {
        try {
          sum = sum * 31 + leave(way, seed);
        } catch (IllegalStateException | ArrayIndexOutOfBoundsException | NullPointerException e) {
          sum = sum * 31 + e.getClass().getName().length();
        }
      }
      return sum;
    }

    @SuppressWarnings("Finally") // an exception that leaves a finally block is a path like others
    private static long leave(int way, long seed) {
      byte[] buffer = new byte[Bytes.SIZE];
      try {
        Bytes.fill(buffer, 3000, seed + way);
        if (way == 0) {
          return Bytes.sum(buffer);
        }
        switch (way) {
          case 1 -> throw new IllegalStateException();
          case 2 -> buffer[Bytes.SIZE + way] = 1;
          case 3 -> callee(buffer);
          default -> buffer[way] ^= 1;
        }
        return Bytes.sum(buffer) + 1;
      } catch (ArrayIndexOutOfBoundsException e) {
        byte[] second = new byte[Bytes.SIZE];
        Bytes.fill(second, 100, seed);
        if ((seed & 1) == 0) {
          throw e;
        }
        return Bytes.sum(second) ^ Bytes.sum(buffer);
      } finally {
        buffer[0]++;
        if (way == 5) {
          callee(null);
        }
      }
    }

    private static void callee(byte[] buffer) {
      if (buffer[0] > -100) {
        throw new IllegalStateException("from the callee");
      }
    }
  }

  /** Each level holds its own while deeper levels come and go. */
  static final class Recursion implements Case {
    @Override
    public long run(long seed) {
      return deep(seed, 12);
    }

    private static long deep(long seed, int depth) {
      byte[] buffer = new byte[Bytes.SIZE];
      Bytes.fill(buffer, 2000, seed + depth);
      long before = Bytes.sum(buffer);
      long inner = depth == 0 ? 0 : deep(seed, depth - 1);
      if (Bytes.sum(buffer) != before) {
        throw new AssertionError("a deeper call changed this level's buffer");
      }
      return inner * 31 + before;
    }
  }

  /** Locks on the buffer itself. */
  static final class Locked implements Case {
    @Override
    public long run(long seed) {
      byte[] buffer = new byte[Bytes.SIZE];
      synchronized (buffer) {
        Bytes.fill(buffer, 4000, seed);
        if (!Thread.holdsLock(buffer)) {
          throw new AssertionError("lost a lock");
        }
      }
      return Bytes.sum(buffer);
    }
  }

  /** Two fresh buffers are never the same one, whoever asks. */
  static final class Identity implements Case {
    @Override
    public long run(long seed) {
      byte[] first = new byte[Bytes.SIZE];
      byte[] second = new byte[Bytes.SIZE];
      if (first == second) {
        throw new AssertionError("two buffers in use are one");
      }
      Bytes.fill(first, 500, seed);
      return Bytes.sum(first) + Bytes.sum(second) + first.length;
    }
  }

  /** Reads what it never wrote: must be zero. */
  static final class ReadsUnwritten implements Case {
    @Override
    public long run(long seed) {
      int length = Bytes.SIZE + (int) (seed & 3) * 64;
      byte[] bytes = new byte[length];
      char[] chars = new char[length];
      int[] ints = new int[length / 4];
      long[] longs = new long[length / 8];
      long sum = 0;
      for (byte b : bytes) {
        sum |= b;
      }
      for (char c : chars) {
        sum |= c;
      }
      for (int i : ints) {
        sum |= i;
      }
      for (long l : longs) {
        sum |= l;
      }
      if (sum != 0) {
        throw new AssertionError("a fresh array is not zero");
      }
      Bytes.fill(bytes, length, seed);
      for (int i = 0; i < ints.length; i++) {
        ints[i] = bytes[i] * 7;
        chars[i] = (char) ints[i];
        longs[i / 2] += ints[i];
      }
      return Bytes.sum(bytes) + ints[9] + longs[3] + chars[5] + length;
    }
  }

  /** Sums what came last and forgets it. Not final: a subclass comes later. */
  static class QuietStream extends OutputStream {
    private long total;

    @Override
    public void write(int b) {
      total += b;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      total = 0;
      for (int i = offset; i < offset + length; i++) {
        total = total * 31 + buffer[i];
      }
    }

    long total() {
      return total;
    }
  }

  /** Loaded while {@link LateSubclass} runs, between its allocation and its call. */
  static final class LateKeepingStream extends QuietStream {
    private final Bytes.Kept kept = new Bytes.Kept();

    LateKeepingStream() {}

    @Override
    public void write(byte[] buffer, int offset, int length) {
      super.write(buffer, offset, length);
      kept.keep(buffer);
    }
  }

  /** Safe until a class loads that keeps. */
  static final class LateSubclass implements Case {
    static volatile boolean load;
    private QuietStream late;

    @Override
    public long run(long seed) throws IOException, ReflectiveOperationException {
      byte[] buffer = new byte[Bytes.SIZE];
      Bytes.fill(buffer, 4500, seed);
      QuietStream stream = load ? late() : new QuietStream();
      stream.write(buffer, 0, 4500);
      return Bytes.sum(buffer) + stream.total();
    }

    private QuietStream late() throws ReflectiveOperationException {
      if (late == null) {
        late =
            Class.forName("dev.tidepool.apps.soundness.Lifetimes$LateKeepingStream")
                .asSubclass(QuietStream.class)
                .getDeclaredConstructor()
                .newInstance();
      }
      return late;
    }
  }
}

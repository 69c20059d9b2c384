package dev.tidepool.apps.soundness;

import dev.tidepool.apps.soundness.Bytes.Kept;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Arrays in the fields of objects, arrays from calls, and copies: some shared, some not. */
final class Owners {
  private Owners() {}

  /** A buffer that grows; nobody but itself has its array. */
  static class Buffer {
    private byte[] bytes = new byte[Bytes.SIZE];
    private int used;

    final void put(long seed, int count) {
      while (used + count > bytes.length) {
        byte[] longer = new byte[2 * bytes.length];
        System.arraycopy(bytes, 0, longer, 0, used);
        bytes = longer;
      }
      for (int i = 0; i < count; i++) {
        bytes[used++] = (byte) (seed * 31 + i);
      }
    }

    final long sum() {
      return Bytes.sum(bytes);
    }

    final void writeTo(OutputStream out) throws IOException {
      out.write(bytes, 0, used);
    }

    final void close() {
      used = 0;
    }
  }

  /** Dies with the method: its arrays go back. */
  static final class Collects implements Case {
    @Override
    public long run(long seed) {
      Buffer buffer = new Buffer();
      buffer.put(seed, 40_000);
      buffer.put(seed + 1, (int) (seed % 3) * 20_000);
      return buffer.sum();
    }
  }

  /** As before, with a closed one of the turn before still read in this one. */
  static final class Turns implements Case {
    private final OutputStream[] to = {
      new ByteArrayOutputStream(), new Escapes.KeepingStream(), OutputStream.nullOutputStream()
    };

    @Override
    public long run(long seed) throws IOException {
      Buffer last = null;
      long sum = 0;
      for (int turn = 0; turn < to.length; turn++) {
        Buffer buffer = new Buffer();
        buffer.put(seed + turn, 3000);
        if (turn < 2) {
          buffer.close();
        }
        buffer.put(seed - turn, 2000);
        buffer.writeTo(to[turn]);
        sum = sum * 31 + buffer.sum() + (last == null ? 0 : last.sum());
        last = buffer;
      }
      ((ByteArrayOutputStream) to[0]).reset();
      return sum;
    }
  }

  /** Gets its array from a method that promises no array, and that keeps it. */
  static final class Pair {
    private static final ThreadLocal<Kept> KEPT = ThreadLocal.withInitial(Kept::new);
    private final byte[] one;
    private final byte[] two;

    Pair(long seed) {
      Object made = make(this, seed);
      one = (byte[]) made;
      two = (byte[]) made;
    }

    private static Object make(Object asking, long seed) {
      byte[] made = new byte[asking == null ? 0 : Bytes.SIZE];
      Bytes.fill(made, 2000, seed);
      KEPT.get().keep(made);
      return made;
    }
  }

  /** One array in two fields, kept by whoever made it. */
  static final class ErasedPair implements Case {
    @Override
    public long run(long seed) {
      Pair pair = new Pair(seed);
      return Bytes.sum(pair.one) * 31 + Bytes.sum(pair.two);
    }
  }

  /** Arrays that a call returns and nobody else has. */
  static final class Results implements Case {
    @Override
    public long run(long seed) {
      return Bytes.sum(made(seed));
    }

    private static byte[] made(long seed) {
      byte[] made = new byte[Bytes.SIZE];
      Bytes.fill(made, 7000, seed);
      return made;
    }
  }

  /** Arrays that a call returns and keeps under another name. */
  static final class KeptResults implements Case {
    private static final ThreadLocal<Kept> KEPT = ThreadLocal.withInitial(Kept::new);

    @Override
    public long run(long seed) {
      return Bytes.sum(keptUnderAnotherName(seed));
    }

    private static byte[] keptUnderAnotherName(long seed) {
      byte[] made = new byte[Bytes.SIZE];
      Bytes.fill(made, 7000, seed);
      byte[] other = same(made);
      KEPT.get().keep(other);
      return made;
    }

    private static byte[] same(byte[] given) {
      return given;
    }
  }

  /** Copies, shorter, longer and of a part. */
  static final class Copies implements Case {
    private final byte[] from = new byte[Bytes.SIZE];

    @Override
    public long run(long seed) {
      Bytes.fill(from, from.length, seed);
      return Bytes.sum(longer(from)) * 31 + part(from);
    }

    private static byte[] longer(byte[] from) {
      return Arrays.copyOf(from, from.length + 5000);
    }

    private static long part(byte[] from) {
      byte[] part = Arrays.copyOfRange(from, 100, from.length + 100);
      return Bytes.sum(part);
    }
  }

  /** Objects that grow: what is in them, and how long they say they are, stays as it was. */
  static final class Growing implements Case {
    @Override
    public long run(long seed) {
      int many = 30_000 + (int) seed * 100;
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int i = 0; i < many; i++) {
        bytes.write(i * (int) seed);
      }
      return Bytes.sum(bytes.toByteArray()) * 31 + told(seed);
    }

    private static long told(long seed) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 10_000; i++) {
        text.append((char) ('a' + (i + seed) % 26));
      }
      return text.capacity() * 31L + text.toString().hashCode();
    }
  }
}

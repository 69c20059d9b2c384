package dev.tidepool.apps.soundness;

import dev.tidepool.apps.soundness.Bytes.Kept;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Cases in which a buffer outlives its method: none may come back from a pool. */
final class Escapes {
  private Escapes() {}

  /** A stream that keeps what it is handed. */
  static final class KeepingStream extends OutputStream {
    private final Kept kept = new Kept();
    private byte[] last = new byte[0];

    @Override
    public void write(int b) {}

    @Override
    public void write(byte[] buffer, int offset, int length) {
      last = buffer;
      kept.keep(last);
    }
  }

  /** Keeps the buffer in a field of a stream. */
  static final class InField implements Case {
    private final KeepingStream stream = new KeepingStream();

    @Override
    public long run(long seed) {
      byte[] buffer = new byte[Bytes.SIZE];
      Bytes.fill(buffer, 5000, seed);
      stream.write(buffer, 0, 5000);
      return Bytes.sum(buffer);
    }
  }

  /** The same stream, known to the method as an OutputStream only. */
  static final class InFieldBehindType implements Case {
    private final OutputStream stream = new KeepingStream();

    @Override
    public long run(long seed) throws IOException {
      return write(stream, seed);
    }

    private static long write(OutputStream to, long seed) throws IOException {
      byte[] buffer = new byte[Bytes.SIZE];
      Bytes.fill(buffer, 4000, seed);
      to.write(buffer, 0, 4000);
      return Bytes.sum(buffer);
    }
  }

  /** A stream whose bytes are read by another thread, later. */
  static final class OtherThread implements Case {
    private static final ExecutorService READER =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "reader");
              thread.setDaemon(true);
              return thread;
            });
    private Future<Long> before;
    private long expected;

    @Override
    public long run(long seed) throws ExecutionException, InterruptedException {
      if (before != null && before.get() != expected) {
        throw new AssertionError("the other thread read other bytes");
      }
      expected = hand(seed);
      return expected;
    }

    private long hand(long seed) {
      byte[] buffer = new byte[Bytes.SIZE];
      Bytes.fill(buffer, 6000, seed);
      before = READER.submit(() -> Bytes.sum(buffer));
      return Bytes.sum(buffer);
    }
  }

  /** Takes a buffer, as a caller's call-back. */
  @FunctionalInterface
  interface Sink {
    void take(byte[] buffer);
  }

  /** A lambda that keeps. */
  static final class LambdaReceiver implements Case {
    private final Kept kept = new Kept();

    @Override
    public long run(long seed) {
      return give(buffer -> kept.keep(buffer), seed);
    }

    private static long give(Sink sink, long seed) {
      byte[] buffer = new byte[Bytes.SIZE];
      Bytes.fill(buffer, 3000, seed);
      sink.take(buffer);
      return Bytes.sum(buffer);
    }
  }

  /** Becomes a hidden class; keeps. */
  public static final class HiddenSink implements Sink {
    private final Kept kept = new Kept();

    public HiddenSink() {}

    @Override
    public void take(byte[] buffer) {
      kept.keep(buffer);
    }
  }

  /** A receiver whose class no transformer ever sees. */
  static final class HiddenReceiver implements Case {
    private final Sink sink;

    HiddenReceiver() {
      try (var in = Escapes.class.getResourceAsStream("Escapes$HiddenSink.class")) {
        sink =
            (Sink)
                MethodHandles.lookup()
                    .defineHiddenClass(in.readAllBytes(), true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public long run(long seed) {
      byte[] buffer = new byte[Bytes.SIZE];
      Bytes.fill(buffer, 2000, seed);
      sink.take(buffer);
      return Bytes.sum(buffer);
    }
  }

  /** The caller gets the buffer under another name. */
  static final class ReturnedAlias implements Case {
    private final Kept kept = new Kept();

    @Override
    public long run(long seed) {
      byte[] alias = make(seed);
      kept.keep(alias);
      return Bytes.sum(alias);
    }

    private static byte[] make(long seed) {
      byte[] buffer = new byte[Bytes.SIZE];
      Bytes.fill(buffer, 7000, seed);
      byte[] other = (seed & 1) == 0 ? same(buffer) : buffer;
      return other;
    }

    private static byte[] same(byte[] buffer) {
      return buffer;
    }
  }

  /** In a list that is local, until it is returned. */
  static final class InEscapingList implements Case {
    private final Kept kept = new Kept();

    @Override
    public long run(long seed) {
      long sum = 0;
      for (byte[] buffer : collect(seed)) {
        kept.keep(buffer);
        sum = sum * 31 + Bytes.sum(buffer);
      }
      return sum;
    }

    private static List<byte[]> collect(long seed) {
      List<byte[]> list = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        byte[] buffer = new byte[Bytes.SIZE];
        Bytes.fill(buffer, 1000 + i, seed + i);
        list.add(buffer);
      }
      return list;
    }
  }

  /** Through an array of arguments that the callee keeps. */
  static final class Varargs implements Case {
    private final Kept kept = new Kept();
    private byte[][] last = {};

    @Override
    public long run(long seed) {
      for (byte[] before : last) {
        kept.keep(before);
      }
      return two(seed);
    }

    private long two(long seed) {
      byte[] first = new byte[Bytes.SIZE];
      byte[] second = new byte[Bytes.SIZE];
      Bytes.fill(first, 900, seed);
      Bytes.fill(second, 950, seed + 1);
      return hold(first, second);
    }

    private long hold(byte[]... buffers) {
      last = buffers;
      return Bytes.sum(buffers[0]) + Bytes.sum(buffers[1]);
    }
  }
}

package dev.tidepool.rewriting.proof;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/** Methods that make buffers by a static method of the JDK; some keep them, some do not. */
final class BufferFixtures {
  private static final Cleaner CLEANER = Cleaner.create();

  static Object kept;

  private BufferFixtures() {}

  static long heap(int n) {
    ByteBuffer buffer = ByteBuffer.allocate(n);
    buffer.putLong(7).put((byte) 1).flip();
    long sum = buffer.getLong();
    while (buffer.hasRemaining()) {
      sum += buffer.get();
    }
    return sum + buffer.capacity();
  }

  static long direct(byte[] from) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(from.length);
    buffer.put(from).flip();
    buffer.get(from, 0, 1);
    return buffer.getInt(0);
  }

  static int viewed(int n) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(n);
    buffer.duplicate().put((byte) 3);
    LongBuffer longs = buffer.slice().asLongBuffer();
    longs.put(0, 4);
    return buffer.asReadOnlyBuffer().get(0);
  }

  static int written(WritableByteChannel channel, int n) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(n);
    return channel.write(buffer);
  }

  static long rounds(int n) {
    long sum = 0;
    for (int i = 1; i < n; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(i);
      sum += buffer.get(i - 1);
    }
    return sum;
  }

  static char letters(int n) {
    CharBuffer buffer = CharBuffer.allocate(n);
    buffer.put("letters").flip();
    return buffer.get(2);
  }

  static int lengthOfArray(int n) {
    return ByteBuffer.allocate(n).array().length;
  }

  static double kinds(int n, Path path) throws IOException {
    ByteBuffer.allocate(n).put((byte) 1);
    ByteBuffer.allocateDirect(n).put((byte) 1);
    CharBuffer.allocate(n).put('c');
    ShortBuffer.allocate(n).put((short) 1);
    IntBuffer.allocate(n).put(1);
    LongBuffer.allocate(n).put(1);
    FloatBuffer.allocate(n).put(1);
    try (BufferedReader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8);
        BufferedWriter writer = Files.newBufferedWriter(path, StandardCharsets.UTF_8)) {
      writer.write(reader.read());
    }
    return DoubleBuffer.allocate(n).get(0);
  }

  static ByteBuffer returned(int n) {
    return ByteBuffer.allocateDirect(n);
  }

  static Buffer chained(int n) {
    return ByteBuffer.allocateDirect(n).putInt(4).flip();
  }

  static void stored(int n) {
    kept = ByteBuffer.allocateDirect(n);
  }

  static void sliced(int n) {
    kept = ByteBuffer.allocateDirect(n).slice();
  }

  static void duplicateOfSlice(int n) {
    ByteBuffer slice = ByteBuffer.allocateDirect(n).position(1).slice();
    kept = slice.duplicate();
  }

  static LongBuffer longs(int n) {
    return ByteBuffer.allocateDirect(n).asLongBuffer();
  }

  static CharBuffer charsOfHeap(int n) {
    return ByteBuffer.allocate(n).asCharBuffer();
  }

  static byte[] array(int n) {
    return ByteBuffer.allocate(n).array();
  }

  static void readOnly(int n) {
    kept = ByteBuffer.allocate(n).asReadOnlyBuffer();
  }

  /** The array goes to the pool and does not die: what waits for that would wait for ever. */
  static int arrayWatched(int n) {
    ByteBuffer buffer = ByteBuffer.allocate(n);
    CLEANER.register(buffer.array(), BufferFixtures::end);
    return buffer.get(0);
  }

  static int arrayWatchedByAHelper(int n) {
    ByteBuffer buffer = ByteBuffer.allocate(n);
    watch(buffer.array());
    return buffer.get(0);
  }

  private static void end() {}

  private static void watch(Object any) {
    CLEANER.register(any, BufferFixtures::end);
  }

  static IntSupplier captured(int n) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(n);
    return () -> buffer.get(0);
  }

  static ByteBuffer oneOfTwo(boolean first) {
    ByteBuffer one = ByteBuffer.allocateDirect(8);
    ByteBuffer other = ByteBuffer.allocateDirect(9);
    return first ? one : other;
  }

  static void thrown(int n) {
    throw new Holding(ByteBuffer.allocate(n));
  }

  static ByteBuffer previous(int n) {
    ByteBuffer last = null;
    for (int i = 0; i < n; i++) {
      ByteBuffer next = ByteBuffer.allocateDirect(i);
      last = last == null || n > 7 ? next : last;
    }
    return last;
  }

  /** The buffer of a round lives on in the next. */
  static int ofTheRoundBefore(int n) {
    ByteBuffer before = null;
    int sum = 0;
    for (int i = 1; i < n; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(i);
      if (before != null) {
        sum += before.get(0);
      }
      before = buffer;
    }
    return sum;
  }

  private static final class Holding extends RuntimeException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("unused")
    private final transient ByteBuffer buffer;

    Holding(ByteBuffer buffer) {
      this.buffer = buffer;
    }
  }
}

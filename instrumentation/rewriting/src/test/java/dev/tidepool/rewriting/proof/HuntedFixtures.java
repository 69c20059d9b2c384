package dev.tidepool.rewriting.proof;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/** Ways out that are easily overlooked; the first array made in each method is in question. */
@SuppressWarnings("all")
public class HuntedFixtures {
  static Object kept;
  static byte[] keptBytes;

  static class Box {
    Object value;
  }

  // a fresh object out of a helper that also saw the buffer

  private static Box fresh(byte[] b) {
    b[0] = 1;
    return new Box();
  }

  static void freshFromHelper() {
    byte[] b = new byte[10];
    Box box = fresh(b);
    box.value = b;
    kept = box;
  }

  private static Object[] freshArray(byte[] b) {
    b[0] = 1;
    return new Object[1];
  }

  static Object freshArrayReturned() {
    byte[] b = new byte[10];
    Object[] all = freshArray(b);
    all[0] = b;
    return all;
  }

  static int freshAcrossRounds(int rounds) {
    Box box = null;
    int sum = 0;
    for (int i = 0; i < rounds; i++) {
      byte[] b = new byte[10];
      if (box == null) {
        box = fresh(b);
      } else {
        sum += ((byte[]) box.value)[0];
      }
      box.value = b;
    }
    return sum;
  }

  // equals is whatever the receiver makes of it

  static class Curious {
    @Override
    public boolean equals(Object other) {
      kept = other;
      return false;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  static Object asked = new Curious();

  static boolean equalTo() {
    byte[] b = new byte[10];
    return asked.equals(b);
  }

  // what another package cannot see it does not override

  public abstract static class Homely {
    void take(byte[] b) {
      keptBytes = b;
    }
  }

  static Homely homely;

  private static void give(byte[] b) {
    homely.take(b);
  }

  static void packagePrivate() {
    byte[] b = new byte[10];
    give(b);
  }

  // a class loaded later may bring code into play that nobody could run before

  public interface Sink {
    void put(byte[] b);
  }

  static final class Good implements Sink {
    @Override
    public void put(byte[] b) {
      b[0] = 1;
    }
  }

  abstract static class Dormant implements Sink {
    @Override
    public void put(byte[] b) {
      keptBytes = b;
    }
  }

  static Sink sink;

  private static void sink(byte[] b) {
    sink.put(b);
  }

  static void dormantClass() {
    byte[] b = new byte[10];
    sink(b);
  }

  public interface Drain {
    void put(byte[] b);
  }

  static final class GoodDrain implements Drain {
    @Override
    public void put(byte[] b) {
      b[0] = 1;
    }
  }

  interface DormantDrain extends Drain {
    @Override
    default void put(byte[] b) {
      keptBytes = b;
    }
  }

  static Drain drain;

  private static void drain(byte[] b) {
    drain.put(b);
  }

  static void dormantDefault() {
    byte[] b = new byte[10];
    drain(b);
  }

  // fields that are written where no putfield says so

  static final class Swapped extends InputStream {
    private static final VarHandle IN;

    static {
      try {
        IN = MethodHandles.lookup().findVarHandle(Swapped.class, "in", InputStream.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private volatile InputStream in;

    Swapped(InputStream in) {
      this.in = in;
    }

    void swap(InputStream other) {
      IN.setVolatile(this, other);
    }

    @Override
    public int read() {
      return -1;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      return in.read(b, off, len);
    }
  }

  static final class Updated extends InputStream {
    private static final AtomicReferenceFieldUpdater<Updated, InputStream> IN =
        AtomicReferenceFieldUpdater.newUpdater(Updated.class, InputStream.class, "in");

    private volatile InputStream in;

    Updated(InputStream in) {
      this.in = in;
    }

    void swap(InputStream other) {
      IN.set(this, other);
    }

    @Override
    public int read() {
      return -1;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      return in.read(b, off, len);
    }
  }

  // round about ways

  private static Box put(Box box, byte[] b) {
    box.value = b;
    return box;
  }

  static void putAndKept() {
    byte[] b = new byte[10];
    kept = put(new Box(), b);
  }

  static void listElementKept() {
    byte[] b = new byte[10];
    java.util.ArrayList<byte[]> list = new java.util.ArrayList<>();
    list.add(b);
    kept = list.get(0);
  }

  static void iteratedKept() {
    byte[] b = new byte[10];
    java.util.ArrayList<byte[]> list = new java.util.ArrayList<>();
    list.add(b);
    for (byte[] each : list) {
      kept = each;
    }
  }

  static class Carrying extends RuntimeException {
    final Object what;

    Carrying(Object what) {
      this.what = what;
    }
  }

  private static void fling(Object what) {
    throw new Carrying(what);
  }

  static void caughtAndKept() {
    byte[] b = new byte[10];
    try {
      fling(b);
    } catch (Carrying e) {
      kept = e.what;
    }
  }

  static void clonedArrayKept() {
    byte[] b = new byte[10];
    Object[] all = {b};
    kept = all.clone();
  }

  static void copiedArrayKept() {
    byte[] b = new byte[10];
    Object[] all = {b};
    kept = java.util.Arrays.copyOf(all, 2);
  }

  static void atomicKept() {
    byte[] b = new byte[10];
    java.util.concurrent.atomic.AtomicReference<byte[]> ref =
        new java.util.concurrent.atomic.AtomicReference<>();
    ref.set(b);
    kept = ref;
  }

  private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

  static void threadLocal() {
    byte[] b = new byte[10];
    LOCAL.set(b);
  }

  static class Worker extends Thread {
    final byte[] b;

    Worker(byte[] b) {
      this.b = b;
    }

    @Override
    public void run() {
      b[0] = 1;
    }
  }

  static void worker() {
    byte[] b = new byte[10];
    new Worker(b).start();
  }

  static void viewKept() {
    char[] b = new char[10];
    kept = java.nio.CharBuffer.wrap(b).subSequence(1, 2);
  }

  static void anonymousKept() {
    byte[] b = new byte[10];
    kept =
        new Object() {
          @Override
          public String toString() {
            return String.valueOf(b[0]);
          }
        };
  }

  private static Object same(Object any, int depth) {
    return depth == 0 ? any : same(any, depth - 1);
  }

  static void sameKept() {
    byte[] b = new byte[10];
    kept = same(b, 3);
  }

  private static void link(Box outer, Box inner, int depth) {
    if (depth > 0) {
      link(outer, inner, depth - 1);
    } else {
      outer.value = inner;
    }
  }

  static void linkedBeforeFilled() {
    Box outer = new Box();
    Box inner = new Box();
    link(outer, inner, 3);
    kept = outer;
    byte[] b = new byte[10];
    inner.value = b;
  }

  static class Maker {
    Box made;
    Object first;

    Box make() {
      Box box = new Box();
      made = box;
      return box;
    }
  }

  static void madeInsideKept() {
    byte[] b = new byte[10];
    Maker maker = new Maker();
    maker.first = b;
    Box box = maker.make();
    maker.first = null;
    box.value = b;
    kept = box;
  }

  static void maybeOutside(boolean own, Box outside) {
    byte[] b = new byte[10];
    Box box = own ? new Box() : outside;
    box.value = b;
  }

  static java.util.zip.Deflater deflating() {
    byte[] b = new byte[10];
    java.util.zip.Deflater deflater = new java.util.zip.Deflater();
    deflater.setInput(b);
    return deflater;
  }

  static void stored(Object[] into) {
    byte[] b = new byte[10];
    Object[] own = {b};
    System.arraycopy(own, 0, into, 0, 1);
  }

  record Pair(Object one, Object other) {}

  static void recordKept() {
    byte[] b = new byte[10];
    kept = new Pair(1, new Pair(b, 2)).other();
  }

  static void manyObjects() {
    byte[] b = new byte[10];
    Object[] all = {
      new Box(), new Box(), new Box(), new Box(), new Box(), new Box(), new Box(), new Box(),
      new Box(), new Box(), new Box(), new Box(), new Box(), new Box(), new Box(), new Box(),
      new Box(), new Box(), new Box(), new Box(), new Box(), new Box(), new Box(), new Box(),
      new Box(), new Box(), new Box(), new Box(), new Box(), new Box(), new Box(), new Box(),
      new Box(), new Box(), new Box(), new Box(), new Box(), new Box(), new Box(), new Box()
    };
    Box last = new Box();
    last.value = b;
    kept = last;
  }
}

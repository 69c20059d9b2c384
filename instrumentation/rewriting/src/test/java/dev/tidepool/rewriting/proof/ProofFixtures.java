package dev.tidepool.rewriting.proof;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Methods a proof must tell apart; the first array made in each is the one in question. */
@SuppressWarnings({"all", "deprecation", "removal"})
class ProofFixtures {
  static byte[] kept;
  static Object lock = new Object();
  byte[] field;
  final Wrapper wrapper = null;

  static class Wrapper extends InputStream {
    private final InputStream in;

    Wrapper(InputStream in) {
      this.in = in;
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

  static final class Keeper extends OutputStream {
    byte[] last;

    @Override
    public void write(int b) {}

    @Override
    public void write(byte[] b, int off, int len) {
      last = b;
    }
  }

  static final class Honest extends OutputStream {
    int sum;

    @Override
    public void write(int b) {
      sum += b;
    }
  }

  static class Finalized {
    byte[] held;

    @Override
    protected void finalize() {
      kept = held;
    }
  }

  static class Box {
    Object value;
    Box inner;
  }

  // kept to itself

  static int sum(int n) {
    byte[] b = new byte[n];
    for (int i = 0; i < b.length; i++) {
      b[i] = (byte) i;
    }
    int sum = 0;
    for (byte x : b) {
      sum += x;
    }
    return sum;
  }

  static long loop(int rounds) {
    long sum = 0;
    for (int i = 0; i < rounds; i++) {
      int[] b = new int[1024];
      Arrays.fill(b, i);
      sum += b[7];
    }
    return sum;
  }

  static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] b = new byte[8192];
    for (int n = in.read(b); n > 0; n = in.read(b)) {
      out.write(b, 0, n);
    }
  }

  static void helped(InputStream in, OutputStream out) throws IOException {
    pump(in, out, new byte[8192]);
  }

  private static void pump(InputStream in, OutputStream out, byte[] b) throws IOException {
    for (int n = in.read(b); n > 0; n = in.read(b)) {
      out.write(b, 0, n);
    }
  }

  static int honest() throws IOException {
    byte[] b = new byte[100];
    Honest out = new Honest();
    out.write(b);
    return out.sum;
  }

  static int wrapped() {
    byte[] b = new byte[100];
    ByteArrayInputStream in = new ByteArrayInputStream(b);
    return in.read() + in.available();
  }

  static int boxed() {
    Box box = new Box();
    box.inner = new Box();
    box.inner.value = new byte[100];
    return box.inner.value == null ? 0 : 1;
  }

  static byte[] copied() {
    byte[] b = new byte[100];
    b[3] = 4;
    return b.clone();
  }

  static int recursive(int depth) {
    byte[] b = new byte[100];
    b[0] = (byte) depth;
    return depth == 0 ? b[0] : recursive(depth - 1) + down(b, depth);
  }

  private static int down(byte[] b, int n) {
    return n == 0 ? b[0] : up(b, n - 1);
  }

  private static int up(byte[] b, int n) {
    return n == 0 ? b[1] : down(b, n - 1);
  }

  static int tryFinally(int n) {
    char[] b = new char[n];
    try {
      b[0] = 'x';
      return b[1];
    } catch (ArrayIndexOutOfBoundsException e) {
      return -1;
    } finally {
      b[0]++;
    }
  }

  static int doubleBuffer(int rounds) {
    byte[] last = new byte[0];
    int sum = 0;
    for (int i = 0; i < rounds; i++) {
      byte[] next = new byte[64];
      next[0] = (byte) i;
      sum += last.length == 0 ? 0 : last[0];
      last = next;
    }
    return sum;
  }

  // let out

  static byte[] returned() {
    byte[] b = new byte[10];
    return b;
  }

  static Object returnedAlias(boolean yes) {
    byte[] b = new byte[10];
    Object alias = yes ? b : null;
    return alias;
  }

  static void staticField() {
    byte[] b = new byte[10];
    kept = b;
  }

  void instanceField() {
    byte[] b = new byte[10];
    field = b;
  }

  static void throughHelper() {
    byte[] b = new byte[10];
    keep(b);
  }

  private static void keep(byte[] b) {
    kept = b;
  }

  static void keeper(Keeper keeper) {
    byte[] b = new byte[10];
    keeper.write(b, 0, 10);
  }

  static int localKeeper() {
    byte[] b = new byte[10];
    Keeper keeper = new Keeper();
    keeper.write(b, 0, 10);
    return keeper.last.length;
  }

  static Keeper localKeeperReturned() {
    byte[] b = new byte[10];
    Keeper keeper = new Keeper();
    keeper.write(b, 0, 10);
    return keeper;
  }

  static ByteBuffer wrappedAndReturned() {
    byte[] b = new byte[10];
    return ByteBuffer.wrap(b);
  }

  static List<byte[]> listReturned() {
    byte[] b = new byte[10];
    List<byte[]> list = new ArrayList<>();
    list.add(b);
    return list;
  }

  static void listed(List<byte[]> list) {
    byte[] b = new byte[10];
    list.add(b);
  }

  static void varargs() {
    byte[] b = new byte[10];
    all(1, b);
  }

  private static void all(Object... values) {
    kept = (byte[]) values[1];
  }

  static Supplier<Integer> lambda() {
    byte[] b = new byte[10];
    return () -> b.length;
  }

  static void toThread() throws InterruptedException {
    byte[] b = new byte[10];
    Thread t = new Thread(() -> b[0]++);
    t.start();
    t.join();
  }

  static void consumer(Consumer<byte[]> consumer) {
    byte[] b = new byte[10];
    consumer.accept(b);
  }

  static int locked() {
    byte[] b = new byte[10];
    synchronized (b) {
      return b.length;
    }
  }

  static int identity() {
    byte[] b = new byte[10];
    return b.hashCode();
  }

  static int systemIdentity() {
    byte[] b = new byte[10];
    return System.identityHashCode(b);
  }

  static void thrown() {
    byte[] b = new byte[10];
    throw new Carrier(b);
  }

  static class Carrier extends RuntimeException {
    final byte[] b;

    Carrier(byte[] b) {
      this.b = b;
    }
  }

  static void finalized() {
    byte[] b = new byte[10];
    Finalized f = new Finalized();
    f.held = b;
  }

  static int weak() {
    byte[] b = new byte[10];
    WeakReference<byte[]> ref = new WeakReference<>(b);
    return ref.get().length;
  }

  static void reflected(java.lang.reflect.Method m) throws Exception {
    byte[] b = new byte[10];
    m.invoke(null, b);
  }

  static void holderFilledLater(Box outside) {
    Box box = new Box();
    outside.inner = box;
    byte[] b = new byte[10];
    box.value = b;
  }

  static void holderLetOutByItsConstructor() {
    byte[] b = new byte[10];
    new Registered(b);
  }

  static class Registered {
    static Registered last;
    final byte[] b;

    Registered(byte[] b) {
      this.b = b;
      last = this;
    }
  }

  static void arrayOfArrays(byte[][] out) {
    byte[] b = new byte[10];
    byte[][] local = {b};
    System.arraycopy(local, 0, out, 0, 1);
  }

  static int grown() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] b = new byte[10];
    out.write(b, 0, 10);
    return out.size();
  }

  int early;

  ProofFixtures() {
    this(new byte[10].length);
  }

  ProofFixtures(int n) {
    byte[] b = new byte[n];
    early = b.length;
  }

  /** Looks at what it is given through an object of its own. */
  static class Looking extends OutputStream {
    private long sum;

    @Override
    public void write(int b) {
      sum += b;
    }

    @Override
    public void write(byte[] b, int off, int len) {
      sum += new Look(b, off).first();
    }
  }

  static final class Look {
    private final byte[] at;
    private final int off;

    Look(byte[] at, int off) {
      this.at = at;
      this.off = off;
    }

    int first() {
      return at[off];
    }
  }
}

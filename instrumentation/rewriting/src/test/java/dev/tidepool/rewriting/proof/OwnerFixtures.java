package dev.tidepool.rewriting.proof;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.CharArrayWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Methods that make an owner; the first object made in each is the one in question. */
@SuppressWarnings({"all", "deprecation", "removal"})
class OwnerFixtures {
  static Object kept;
  static final List<byte[]> REGISTRY = new ArrayList<>();
  static final byte[] SHARED = new byte[4096];

  static class Buffer {
    byte[] buf = new byte[4096];
    int count;

    void put(int b) {
      if (count == buf.length) {
        byte[] more = new byte[2 * count];
        System.arraycopy(buf, 0, more, 0, count);
        buf = more;
      }
      buf[count++] = (byte) b;
    }

    int sum() {
      int sum = 0;
      for (int i = 0; i < count; i++) {
        sum += buf[i];
      }
      return sum;
    }
  }

  static class Shows extends Buffer {
    byte[] show() {
      return buf;
    }
  }

  static class Lent extends Buffer {
    byte[] lent = SHARED;

    Lent(byte[] given) {
      buf = given;
    }
  }

  static class Registers extends Buffer {
    Registers() {
      byte[] mine = new byte[4096];
      REGISTRY.add(mine);
      buf = mine;
    }
  }

  static class Twice {
    byte[] one;
    byte[] two;

    Twice() {
      byte[] both = new byte[4096];
      one = both;
      two = both;
    }
  }

  static class Chained extends Buffer {
    final byte[] hb;

    Chained(int n) {
      this(new byte[n], 0);
    }

    private Chained(byte[] given, int off) {
      hb = given;
    }
  }

  static class SelfLed extends Buffer {
    Object lock = this;
    Object more = new Object();

    void leak() {
      kept = lock;
    }

    void harmless() {
      kept = more;
    }
  }

  static class Finalized extends Buffer {
    @Override
    protected void finalize() {
      kept = buf;
    }
  }

  static class Swapping extends Buffer {
    void swap(Swapping other) {
      byte[] mine = buf;
      buf = other.buf;
      other.buf = mine;
    }
  }

  static final Cleaner CLEANER = Cleaner.create();

  static class Cleaned {
    final byte[] buf = new byte[4096];

    Cleaned(boolean whole) {
      CLEANER.register(this, whole ? new Wipe(buf) : new Wipe(null));
    }
  }

  static class CleanedLater {
    final byte[] buf = new byte[4096];

    CleanedLater() {
      CLEANER.register(this, new Say());
    }
  }

  static class Say implements Runnable {
    public void run() {}
  }

  static class Wipe implements Runnable {
    final byte[] wiped;

    Wipe(byte[] wiped) {
      this.wiped = wiped;
    }

    public void run() {
      wiped[0] = 0;
    }
  }

  static int cleaned() {
    CleanedLater cleaned = new CleanedLater();
    cleaned.buf[3] = 4;
    return cleaned.buf[4];
  }

  static int wiped() {
    Cleaned cleaned = new Cleaned(true);
    return cleaned.buf[4];
  }

  /** A method that hands what it made to one of its own that others could override. */
  static class Template extends OwnerFixtures {
    int first(InputStream in) throws IOException {
      BufferedInputStream buffered = new BufferedInputStream(in);
      return count(buffered);
    }

    int count(InputStream in) throws IOException {
      return in.read();
    }
  }

  static class Many {
    byte[] a = new byte[1024];
    Many next;

    void share(int n) {
      byte[] one = new byte[1024];
      Many at = this;
      for (int i = 0; i < n; i++) {
        at.a = one;
        at = at.next;
      }
    }
  }

  static class Holder {
    final Buffer held;
    SelfLed led;

    Holder(Buffer held) {
      this.held = held;
    }

    void put(byte[] given) {
      held.buf = given;
    }

    void knot() {
      led.more = led;
    }
  }

  // owners of their arrays

  static int own(int n) {
    Buffer b = new Buffer();
    for (int i = 0; i < n; i++) {
      b.put(i);
    }
    return b.sum();
  }

  static byte[] collected(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      out.write(b);
    }
    return out.toByteArray();
  }

  static String text(byte[] some) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1000);
    out.write(some);
    return out.toString("UTF-8");
  }

  static char[] chars(String text) {
    CharArrayWriter out = new CharArrayWriter();
    out.append(text).append('c');
    return out.toCharArray();
  }

  static int chained() {
    return new Chained(4096).hb.length;
  }

  static int selfLed() {
    SelfLed led = new SelfLed();
    led.harmless();
    return led.sum();
  }

  static int buffered(InputStream in) throws IOException {
    BufferedInputStream b = new BufferedInputStream(in);
    int sum = 0;
    byte[] part = new byte[100];
    while (b.read(part, 0, 100) > 0) {
      sum += part[0] + b.read();
    }
    b.close();
    return sum;
  }

  static void bufferedOut(OutputStream out) throws IOException {
    try (BufferedOutputStream b = new BufferedOutputStream(out)) {
      b.write(1);
      b.write(new byte[3]);
    }
  }

  static int lines(Reader in) throws IOException {
    int n = 0;
    try (BufferedReader reader = new BufferedReader(in)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        n += line.length();
      }
    }
    return n;
  }

  static void writes(Writer out) throws IOException {
    BufferedWriter writer = new BufferedWriter(out);
    writer.write("some");
    writer.newLine();
    writer.flush();
  }

  static void writesTo(OutputStream out) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(7);
    bytes.writeTo(out);
  }

  static void zipped(OutputStream out, byte[] some) throws IOException {
    GZIPOutputStream zip = new GZIPOutputStream(out);
    zip.write(some);
    zip.close();
  }

  // not theirs, or not kept to themselves

  static Buffer returned() {
    return new Buffer();
  }

  static void stored() {
    kept = new Buffer();
  }

  static byte[] shown() {
    return new Shows().show();
  }

  static int lent(byte[] given) {
    return new Lent(given).sum();
  }

  static int over(byte[] given) {
    return new ByteArrayInputStream(given).read();
  }

  static int registered() {
    return new Registers().sum();
  }

  static int twice() {
    return new Twice().one.length;
  }

  static void leaksItself() {
    new SelfLed().leak();
  }

  static int finalized() {
    return new Finalized().sum();
  }

  static void swapped(Swapping other) {
    new Swapping().swap(other);
  }

  static void shared(Many other) {
    Many many = new Many();
    many.next = other;
    many.share(2);
  }

  static int putFromOutside(byte[] given) {
    Buffer b = new Buffer();
    b.buf = given;
    return b.sum();
  }

  static int putByTheHolder(byte[] given) {
    Buffer b = new Buffer();
    Holder holder = new Holder(b);
    holder.put(given);
    return b.sum();
  }

  static int putThroughTheHolder(byte[] given) {
    Buffer b = new Buffer();
    new Holder(b).held.buf = given;
    return b.sum();
  }

  static int putIntoOneOfTwo(Buffer other, byte[] given, boolean which) {
    Buffer b = new Buffer();
    Buffer one = which ? b : other;
    set(one, given);
    return b.sum();
  }

  static void set(Buffer b, byte[] given) {
    b.buf = given;
  }

  static int putByItsMaker() {
    Buffer b = new Buffer();
    b.buf = new byte[4096];
    return b.sum();
  }

  static int givenByItsMaker() {
    return new Chained(new byte[4096], 0).hb.length;
  }

  static void ledInAKnot() {
    SelfLed led = new SelfLed();
    Holder holder = new Holder(led);
    holder.led = led;
    holder.knot();
    led.harmless();
  }

  static int heldHarmlessly() {
    Buffer b = new Buffer();
    return new Holder(b).held.sum();
  }

  static void inThread() {
    Buffer b = new Buffer();
    new Thread(() -> b.put(1)).start();
  }
}

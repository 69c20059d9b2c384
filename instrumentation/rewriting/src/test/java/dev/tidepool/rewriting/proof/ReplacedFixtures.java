package dev.tidepool.rewriting.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntSupplier;

/** Classes that replace the array in a field; each has its last put of it in {@code grow}. */
@SuppressWarnings("all")
class ReplacedFixtures {
  static byte[] leaked;

  /** As it should be. */
  static class Locked {
    private byte[] buf = new byte[4096];
    private int count;

    synchronized void put(int b) {
      grow();
      buf[count++] = (byte) b;
    }

    private void grow() {
      if (count == buf.length) {
        buf = Arrays.copyOf(buf, 2 * count);
      }
    }

    synchronized byte[] copy() {
      return Arrays.copyOf(buf, count);
    }
  }

  static class LockedByObject {
    private final Object lock = new Object();
    private char[] cb = new char[4096];
    private int count;

    void put(char c) {
      synchronized (lock) {
        if (count == cb.length) {
          grow();
        }
        cb[count++] = c;
      }
    }

    private void grow() {
      char[] more = new char[2 * count];
      System.arraycopy(cb, 0, more, 0, count);
      cb = more;
    }

    void close() {
      synchronized (lock) {
        cb = null;
      }
    }
  }

  static class Hands {
    private byte[] buf = new byte[4096];
    private int count;

    synchronized void writeTo(OutputStream out) throws IOException {
      out.write(buf, 0, count);
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class Unlocked {
    private byte[] buf = new byte[4096];

    synchronized int read(int at) {
      return buf[at];
    }

    void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class OtherLock {
    private byte[] buf = new byte[4096];
    private final Object lock = new Object();

    synchronized int read(int at) {
      return buf[at];
    }

    void grow() {
      synchronized (lock) {
        buf = Arrays.copyOf(buf, 2 * buf.length);
      }
    }
  }

  static class ChangingLock {
    private byte[] buf = new byte[4096];
    private Object lock = new Object();

    void lockBy(Object other) {
      lock = other;
    }

    int read(int at) {
      synchronized (lock) {
        return buf[at];
      }
    }

    void grow() {
      synchronized (lock) {
        buf = Arrays.copyOf(buf, 2 * buf.length);
      }
    }
  }

  static class UsedOutside {
    private byte[] buf = new byte[4096];

    int read(int at) {
      byte[] mine;
      synchronized (this) {
        mine = buf;
      }
      return mine[at];
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class InHandAcrossGrowth {
    private byte[] buf = new byte[4096];

    synchronized void put(int at, int b) {
      byte[] before = buf;
      grow();
      before[at] = (byte) b;
    }

    private void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class Shows {
    private byte[] buf = new byte[4096];

    synchronized byte[] show() {
      return buf;
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class Stores {
    private byte[] buf = new byte[4096];

    synchronized void store() {
      leaked = buf;
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class Takes {
    private byte[] buf;

    synchronized int read(int at) {
      return buf[at];
    }

    synchronized void grow(byte[] given) {
      buf = given;
    }
  }

  static class PutsTwice {
    private byte[] buf = new byte[4096];

    synchronized int read(int at) {
      return buf[at];
    }

    synchronized void grow() {
      byte[] more = Arrays.copyOf(buf, 2 * buf.length);
      buf = more;
      buf = null;
      buf = more;
    }
  }

  static class PutsInTwo {
    private byte[] buf = new byte[4096];
    private byte[] other;

    synchronized int read(int at) {
      return buf[at] + other[at];
    }

    synchronized void grow() {
      byte[] more = Arrays.copyOf(buf, 2 * buf.length);
      other = more;
      buf = more;
    }
  }

  static class OfAnother {
    private byte[] buf = new byte[4096];

    synchronized void steal(OfAnother other) {
      buf[0] = other.buf[0];
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class Copied implements Cloneable {
    private byte[] buf = new byte[4096];

    synchronized Object copy() throws CloneNotSupportedException {
      return clone();
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class Sent implements Serializable {
    private byte[] buf = new byte[4096];

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class Visible {
    protected byte[] buf = new byte[4096];

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class Nested {
    private byte[] buf = new byte[4096];

    class Mate {
      byte[] look() {
        return buf;
      }
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class ByReference {
    private byte[] buf = new byte[4096];

    synchronized IntSupplier later() {
      return this::first;
    }

    private int first() {
      return buf[0];
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class ReadsTheOneBefore {
    private byte[] buf = new byte[4096];
    private int count;

    synchronized void grow() {
      byte[] old = buf;
      buf = new byte[2 * old.length];
      System.arraycopy(old, 0, buf, 0, count);
    }
  }

  static class HandsOnTheOneBefore {
    private byte[] buf = new byte[4096];
    private final OutputStream out = OutputStream.nullOutputStream();

    synchronized void grow() throws IOException {
      byte[] full = buf;
      buf = new byte[4096];
      out.write(full);
    }
  }

  static class ReadsTheOneBeforeNextTime {
    private byte[] buf = new byte[4096];

    synchronized int grow() {
      int sum = 0;
      byte[] before = new byte[1];
      for (int i = 0; i < 10; i++) {
        byte[] next = new byte[4096];
        buf = next;
        sum += before[0];
        before = next;
      }
      return sum;
    }
  }

  static class JoinsInBetween {
    private byte[] buf = new byte[4096];

    synchronized void log(Object what) {
      byte[] mine = buf;
      String text = "x" + what;
      mine[0] = (byte) text.length();
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class CalledByNobody {
    private byte[] buf = new byte[4096];

    synchronized int read(int at) {
      return buf[at];
    }

    private void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class NestedByReference {
    private byte[] shown = new byte[4096];

    private int first() {
      return shown[0];
    }

    class Mate {
      IntSupplier later(NestedByReference other) {
        return other::first;
      }
    }

    synchronized void grow() {
      shown = Arrays.copyOf(shown, 2 * shown.length);
    }
  }

  static class ByName {
    private byte[] named = new byte[4096];

    static Object handle() throws ReflectiveOperationException {
      return ByName.class.getDeclaredField("named");
    }

    synchronized void grow() {
      named = Arrays.copyOf(named, 2 * named.length);
    }
  }

  static class StillBuilding {
    static StillBuilding known;
    private byte[] buf;

    StillBuilding() {
      byte[] mine = new byte[4096];
      known = this;
      buf = mine;
      mine[0] = 1;
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class Waits {
    private byte[] buf = new byte[4096];

    synchronized int await(int at) throws InterruptedException {
      byte[] mine = buf;
      wait();
      return mine[at];
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }

  static class ReleasedHalfWay {
    private byte[] buf = new byte[4096];
    private boolean busy;

    int read(int at) {
      synchronized (this) {
        if (busy) {
          at++;
        }
      }
      return buf[at];
    }

    synchronized void grow() {
      buf = Arrays.copyOf(buf, 2 * buf.length);
    }
  }
}

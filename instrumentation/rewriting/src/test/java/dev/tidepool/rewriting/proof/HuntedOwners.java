package dev.tidepool.rewriting.proof;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Owners that share their arrays in less obvious ways; the first object made is in question. */
@SuppressWarnings("all")
class HuntedOwners {
  static final byte[] SHARED = new byte[4096];
  static Object kept;

  static class Buffer {
    byte[] buf = new byte[4096];

    Wrap wrap() {
      return new Wrap(this);
    }
  }

  static class Wrap {
    Buffer inner;

    Wrap(Buffer inner) {
      this.inner = inner;
    }

    void lend() {
      inner.buf = SHARED;
    }

    void grow() {
      inner.buf = new byte[2 * inner.buf.length];
    }
  }

  static class Twice {
    byte[] one;
    byte[] two;

    Twice(int n) {
      this(new byte[n]);
    }

    private Twice(byte[] given) {
      one = given;
      two = given;
    }
  }

  static class Given {
    byte[] buf;

    Given() {}

    Given(byte[] given) {
      buf = given;
    }

    Given(Given other) {
      byte[] both = new byte[4096];
      buf = both;
      other.buf = both;
    }
  }

  static class Fill {
    void fill(Buffer b) {}
  }

  static class FillShared extends Fill {
    @Override
    void fill(Buffer b) {
      b.buf = SHARED;
    }
  }

  static int wrappedLeaks() {
    Buffer b = new Buffer();
    kept = b.wrap().inner;
    return b.buf.length;
  }

  static int throughWrap() {
    Buffer b = new Buffer();
    Wrap w = new Wrap(b);
    w.inner.buf = SHARED;
    return b.buf.length;
  }

  static int throughCall() {
    Buffer b = new Buffer();
    new Wrap(b).lend();
    return b.buf.length;
  }

  static int twiceByChain() {
    return new Twice(4096).one.length;
  }

  static int madeBeside(int n) {
    Given g = new Given(new byte[n]);
    return g.buf.length;
  }

  static int twoOwners() {
    Given a;
    Given b;
    a = new Given(b = null);
    return a.buf.length;
  }

  static int sharedWithAnother() {
    Given a = new Given();
    Given b = new Given(a);
    return a.buf.length + b.buf.length;
  }

  static int growsInWrap() {
    Buffer b = new Buffer();
    new Wrap(b).grow();
    return b.buf.length;
  }

  static byte[] wrapped(int n) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(n);
    return bytes.toByteArray();
  }

  static int filled(Fill fill) {
    Buffer b = new Buffer();
    fill.fill(b);
    return b.buf.length;
  }

  static class Closing extends Buffer {
    void close() {}
  }

  static int askedAfterClose(Fill[] fills) {
    Closing last = null;
    int sum = 0;
    for (Fill fill : fills) {
      Closing one = new Closing();
      if (sum == 0) {
        one.close();
      }
      fill.fill(one);
      sum += last == null ? 0 : last.buf.length;
      last = one;
    }
    return sum;
  }

  static int inLoop(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
      sum += new Buffer().buf.length;
    }
    return sum;
  }

  static class Sized {
    final byte[] buf;

    Sized(int n) {
      buf = new byte[n];
    }
  }

  static int chosenInLoop(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
      Sized sized = new Sized(i % 2 == 0 ? 4096 : 8192);
      sum += sized.buf.length;
    }
    return sum;
  }
}

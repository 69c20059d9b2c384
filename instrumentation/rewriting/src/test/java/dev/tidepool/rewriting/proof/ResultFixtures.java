package dev.tidepool.rewriting.proof;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Methods that get an array from a call; the last call that returns one is the one in question. */
@SuppressWarnings({"all", "deprecation", "removal"})
class ResultFixtures {
  static final byte[] SHARED = new byte[4096];
  static byte[] kept;
  static final Map<String, byte[]> CACHE = new HashMap<>();
  byte[] field = new byte[4096];

  static class Source {
    byte[] bytes() {
      return new byte[4096];
    }
  }

  static class Cached extends Source {
    byte[] last = new byte[4096];

    @Override
    byte[] bytes() {
      return last;
    }
  }

  static final class Plain {
    byte[] bytes(int n) {
      byte[] made = new byte[n];
      made[0] = 1;
      return n > 10 ? made : Arrays.copyOf(made, 10);
    }
  }

  /** Returns what its superclass shares, though itself it would make one. */
  static class Upward extends Cached {
    @Override
    byte[] bytes() {
      return new byte[4096];
    }

    final byte[] above(int n) {
      return n > 4 ? new byte[n] : super.bytes();
    }
  }

  static int fromAbove(Upward upward, int n) {
    return sum(upward.above(n));
  }

  static byte[] made(int n) {
    return new byte[n];
  }

  static byte[] madeAndKept(int n) {
    byte[] made = new byte[n];
    kept = made;
    return made;
  }

  static byte[] sometimesShared(int n) {
    return n > 4 ? new byte[n] : SHARED;
  }

  static byte[] same(byte[] given) {
    return given;
  }

  static byte[] inHolder(int n) {
    Object[] holder = new Object[1];
    byte[] made = new byte[n];
    holder[0] = made;
    register(holder);
    return made;
  }

  static void register(Object[] holder) {
    CACHE.put("", (byte[]) holder[0]);
  }

  byte[] own() {
    return field;
  }

  byte[] replaced() {
    byte[] old = field;
    field = new byte[4096];
    return old;
  }

  static byte[] collected() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[100]);
    return out.toByteArray();
  }

  static int sum(byte[] all) {
    int sum = 0;
    for (byte b : all) {
      sum += b;
    }
    return sum;
  }

  // the caller's own

  static int fromHelper() {
    return sum(made(4096));
  }

  static int twoLevels() throws IOException {
    return sum(collected());
  }

  static int fromStream(ByteArrayOutputStream given) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(5);
    return sum(out.toByteArray());
  }

  static int encoded(byte[] some) {
    return sum(Base64.getEncoder().encode(some));
  }

  static int fromFinalClass(Plain plain) {
    return sum(plain.bytes(4096));
  }

  static int copied(byte[] some) {
    return sum(Arrays.copyOf(some, 4096));
  }

  // somebody else's too, or let out

  static int fromKeeper() {
    return sum(madeAndKept(4096));
  }

  static int fromSometimesShared(int n) {
    return sum(sometimesShared(n));
  }

  static int fromSame(byte[] given) {
    return sum(same(given));
  }

  static int fromHolder() {
    return sum(inHolder(4096));
  }

  static int fromField(ResultFixtures other) {
    return sum(other.own());
  }

  static int fromReplaced(ResultFixtures other) {
    return sum(other.replaced());
  }

  static int fromOpenClass(Source source) {
    return sum(source.bytes());
  }

  static void letOut() {
    kept = made(4096);
  }

  static byte[] passedOn() {
    return made(4096);
  }

  // whether it is the caller's is up to the class of what is asked

  static int fromStreamOfAnyKind(InputStream in) throws IOException {
    return sum(in.readAllBytes());
  }

  private static byte[] drained(InputStream in) throws IOException {
    return in.readAllBytes();
  }

  interface Maker {
    byte[] make();
  }

  static final class Sharing implements Maker {
    private final byte[] all = new byte[4096];

    @Override
    public byte[] make() {
      return all;
    }
  }

  static final class Making implements Maker {
    @Override
    public byte[] make() {
      return new byte[4096];
    }
  }

  static int fromInterface(Maker maker) {
    return sum(maker.make());
  }

  static int fromHelperOfStream(InputStream in) throws IOException {
    return sum(drained(in));
  }

  static int fromOnesOfManyRounds(List<InputStream> streams) throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (InputStream in : streams) {
      all.add(in.readAllBytes());
    }
    return all.size();
  }

  static final class Hoarder extends InputStream {
    byte[] hoard;

    @Override
    public int read() {
      return -1;
    }

    @Override
    public int read(byte[] b, int off, int len) {
      hoard = b;
      return -1;
    }
  }

  static final class Wrapper extends InputStream {
    private final InputStream inner;

    Wrapper(InputStream inner) {
      this.inner = inner;
    }

    @Override
    public int read() throws IOException {
      return inner.read();
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      return inner.read(b, off, len);
    }
  }

  static final class Sharer extends InputStream {
    private final byte[] all = new byte[4096];

    @Override
    public int read() {
      return -1;
    }

    @Override
    public byte[] readAllBytes() {
      return all;
    }
  }

  /** What it wraps when it is asked is not what it reads from. */
  static final class Turncoat extends FilterInputStream {
    Turncoat(InputStream first) {
      super(first);
    }

    @Override
    public byte[] readAllBytes() throws IOException {
      InputStream honest = in;
      in = new Hoarder();
      byte[] all = super.readAllBytes();
      in = honest;
      return all;
    }
  }
}

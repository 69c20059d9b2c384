package dev.tidepool.rewriting.proof;

import java.util.Arrays;
import java.util.function.Supplier;

/** Arrays that go by two names, by way of calls, generic types, views and chains of owners. */
@SuppressWarnings("all")
class HuntedAliases {
  static byte[] kept;
  static Object keptObject;
  static byte[][] cache = new byte[4][];

  // owners whose array is handed out by a method that promises no array

  static class Erased {
    byte[] buf;

    Erased() {
      buf = (byte[]) make(this);
    }

    static Object make(Erased of) {
      byte[] made = new byte[4096];
      kept = made;
      return made;
    }
  }

  static class ErasedTwice {
    byte[] one;
    byte[] two;

    ErasedTwice() {
      Object made = make(this);
      one = (byte[]) made;
      two = (byte[]) made;
    }

    Object make(Object asked) {
      return new byte[4096];
    }
  }

  static class Allocator<T> {
    T last;

    T get(Object asking) {
      return last;
    }
  }

  static class Bytes extends Allocator<byte[]> {
    @Override
    byte[] get(Object asking) {
      byte[] made = new byte[4096];
      cache[0] = made;
      return made;
    }
  }

  static class Generic {
    byte[] buf;

    Generic(Allocator<byte[]> from) {
      buf = from.get(this);
    }
  }

  static class Supplied {
    byte[] buf = new byte[4096];
    Supplier<byte[]> view = () -> buf;
  }

  static class Chained {
    byte[] a = new byte[4096];
    Chained next;

    Chained next() {
      return next;
    }

    void share(byte[] one, int n) {
      Chained at = this;
      for (int i = 0; i < n && at != null; i++) {
        at.a = one;
        at = at.next();
      }
    }

    void shareNew(int n) {
      share(new byte[4096], n);
    }
  }

  static class Pages {
    byte[] page = new byte[4096];
    byte[][] pages = {page};

    byte[] first() {
      return pages[0];
    }
  }

  static class LatePages {
    byte[] page = new byte[4096];
    byte[][] pages = new byte[1][];

    void turn() {
      pages[0] = page;
    }
  }

  static class Plain {
    byte[] buf = new byte[4096];
  }

  static class Hides extends Plain {
    byte[] buf = super.buf;
  }

  static class Viewed {
    byte[] buf = new byte[4096];
    java.nio.ByteBuffer view = java.nio.ByteBuffer.wrap(buf);

    java.nio.ByteBuffer view() {
      return view.slice();
    }
  }

  static class Cells {
    private byte[] buf = new byte[4096];

    class Cell {
      byte[] all() {
        return buf;
      }
    }

    Cell cell() {
      return new Cell();
    }
  }

  static class Failing extends Exception {
    byte[] what;

    Failing(byte[] what) {
      this.what = what;
    }
  }

  static class Fails {
    byte[] buf = new byte[4096];

    void fail() throws Failing {
      throw new Failing(buf);
    }
  }

  static class Viewing extends Plain {
    Object self;
  }

  static int putThroughUnseen(byte[] given) {
    Plain p = new Viewing();
    setUnseen(p, given);
    return p.buf.length;
  }

  static void setUnseen(Plain p, byte[] given) {
    if (p instanceof Unseen) {
      ((Unseen) p).buf = given;
    }
  }

  static void ledThroughUnseen() {
    Viewing v = new Viewing();
    v.self = v;
    readUnseen(v);
  }

  static void readUnseen(Viewing v) {
    if (v instanceof Unseen) {
      keptObject = ((Unseen) v).self;
    }
  }

  static int erased() {
    return new Erased().buf.length;
  }

  static int erasedTwice() {
    return new ErasedTwice().one.length;
  }

  static int generic() {
    Generic g = new Generic(new Bytes());
    return g.buf.length;
  }

  static void supplied() {
    keptObject = new Supplied().view;
  }

  static void pageKept() {
    kept = new Pages().first();
  }

  static int latePages() {
    LatePages p = new LatePages();
    p.turn();
    kept = p.pages[0];
    return p.page.length;
  }

  static int hidden() {
    Hides h = new Hides();
    return h.buf.length;
  }

  static java.nio.ByteBuffer viewed() {
    return new Viewed().view();
  }

  static Object inner() {
    return new Cells().cell();
  }

  static void innerArray() {
    kept = new Cells().cell().all();
  }

  static int failed() {
    Fails f = new Fails();
    try {
      f.fail();
    } catch (Failing why) {
      keptObject = why;
    }
    return f.buf.length;
  }

  static Object inFinally() {
    Plain p = new Plain();
    try {
      return null;
    } finally {
      keptObject = p.buf;
    }
  }

  static int reflected() throws Exception {
    Plain p = new Plain();
    keptObject = Plain.class.getDeclaredField("buf").get(p);
    return p.buf.length;
  }

  static void threadLocal(ThreadLocal<Object> local) {
    Plain p = new Plain();
    local.set(p);
  }

  static void inVarargs() {
    Plain p = new Plain();
    keptObject = Arrays.asList(p, p.buf);
  }

  // results

  static byte[] same(byte[] given) {
    return given;
  }

  static Object sameObject(Object given) {
    return given;
  }

  static class Box {
    byte[] in;

    byte[] get() {
      return in;
    }
  }

  static byte[] keptUnderAnotherName() {
    byte[] made = new byte[4096];
    byte[] other = same(made);
    kept = other;
    return made;
  }

  static byte[] keptOutOfABox() {
    Box box = new Box();
    byte[] made = new byte[4096];
    box.in = made;
    kept = box.get();
    return made;
  }

  static Object madeAndKept(byte[] asking) {
    byte[] made = new byte[4096];
    kept = made;
    return made;
  }

  static byte[] sometimesErased(boolean which) {
    byte[] made = new byte[4096];
    return which ? made : (byte[]) madeAndKept(made);
  }

  static byte[] keptInException() {
    byte[] made = new byte[4096];
    try {
      throw new Failing(made);
    } catch (Failing why) {
      keptObject = why;
    }
    return made;
  }

  static byte[] keptInLambda() {
    byte[] made = new byte[4096];
    Supplier<byte[]> later = () -> made;
    keptObject = later;
    return made;
  }

  static byte[] keptInPage() {
    byte[][] pages = new byte[2][4096];
    keptObject = pages;
    return pages[0];
  }

  static byte[] keptElement() {
    byte[] made = new byte[4096];
    byte[][] pages = {made};
    cache[0] = pages[0];
    return made;
  }

  static byte[] fine(int n) {
    byte[] made = new byte[n];
    byte[] other = same(made);
    other[0] = 1;
    return n > 4096 ? Arrays.copyOf(made, 4096) : made;
  }

  static int asksAnotherName() {
    return keptUnderAnotherName().length;
  }

  static int asksBox() {
    return keptOutOfABox().length;
  }

  static int asksErased() {
    return sometimesErased(true).length;
  }

  static int asksException() {
    return keptInException().length;
  }

  static int asksLambda() {
    return keptInLambda().length;
  }

  static int asksPage() {
    return keptInPage().length;
  }

  static int asksElement() {
    return keptElement().length;
  }

  static int asksFine() {
    return fine(8000).length;
  }
}

/** Not in the world of the proof, as a class is that no code of its loader has yet asked for. */
class Unseen extends HuntedAliases.Viewing {}

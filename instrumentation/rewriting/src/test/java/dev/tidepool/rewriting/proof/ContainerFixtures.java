package dev.tidepool.rewriting.proof;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** Arrays that are held by a container, or returned now and then; the first made is in question. */
@SuppressWarnings({"all", "deprecation", "removal"})
class ContainerFixtures {
  static Object kept;
  List<byte[]> field;

  interface Sink {
    void take(Object o);
  }

  static final class Parts {
    List<byte[]> list;
    byte[] one;
  }

  // held, and nothing more

  static int iterated(int rounds) {
    List<byte[]> list = null;
    for (int i = 0; i < rounds; i++) {
      byte[] b = new byte[64];
      b[0] = (byte) i;
      if (list == null) {
        list = new ArrayList<>();
      }
      list.add(b);
    }
    int sum = 0;
    if (list != null) {
      for (byte[] each : list) {
        sum += each[0];
      }
    }
    return sum;
  }

  static int indexed(int rounds) {
    ArrayList<byte[]> list = new ArrayList<>(4);
    for (int i = 0; i < rounds; i++) {
      list.add(0, new byte[64]);
    }
    return list.isEmpty() ? 0 : list.get(list.size() - 1).length;
  }

  static int queued(int rounds) {
    ArrayDeque<byte[]> deque = new ArrayDeque<>();
    for (int i = 0; i < rounds; i++) {
      deque.add(new byte[64]);
    }
    int sum = 0;
    for (byte[] b = deque.poll(); b != null; b = deque.poll()) {
      sum += b.length;
    }
    return sum;
  }

  static int rows(int n) {
    int[][] rows = new int[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = new int[n];
    }
    return rows[n - 1][0];
  }

  static int helped(int rounds) {
    List<byte[]> list = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      put(list, new byte[64]);
    }
    return list.size();
  }

  private static void put(List<byte[]> list, byte[] b) {
    list.add(b);
  }

  static class Honest<T> extends ArrayList<T> {}

  static int ofHonestSubclass(int rounds) {
    List<byte[]> list = new Honest<>();
    for (int i = 0; i < rounds; i++) {
      list.add(new byte[64]);
    }
    return list.size();
  }

  static int onePerList(int rounds) {
    int sum = 0;
    for (int i = 0; i < rounds; i++) {
      List<byte[]> list = new ArrayList<>();
      list.add(new byte[64]);
      sum += list.size();
    }
    return sum;
  }

  // let out with the container

  static List<byte[]> listReturned(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    return list;
  }

  void listStored(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    field = list;
  }

  static void listPassed(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    keep(list);
  }

  private static void keep(Object o) {
    kept = o;
  }

  static void listPassedFirst(int n) {
    List<byte[]> list = new ArrayList<>();
    keep(list);
    list.add(new byte[n]);
  }

  static Supplier<Integer> listCaptured(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    return () -> list.size();
  }

  static void listToThread(int n) {
    List<byte[]> list = new ArrayList<>();
    new Thread(() -> System.out.println(list)).start();
    list.add(new byte[n]);
  }

  static void iteratorKept(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    kept = list.iterator();
  }

  static Iterator<byte[]> iteratorReturned(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    return list.iterator();
  }

  static void elementKept(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    kept = list.get(0);
  }

  static void nextKept(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    for (byte[] b : list) {
      kept = b;
    }
  }

  static void viewKept(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    kept = Collections.unmodifiableList(list);
  }

  static void partKept(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    kept = list.subList(0, 1);
  }

  static void copyKept(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    kept = list.toArray();
  }

  static void listOfListsKept(int n) {
    List<byte[]> inner = new ArrayList<>();
    List<List<byte[]>> outer = new ArrayList<>();
    outer.add(inner);
    kept = outer;
    inner.add(new byte[n]);
  }

  static Parts partsReturned(int n) {
    Parts parts = new Parts();
    parts.list = new ArrayList<>();
    parts.list.add(new byte[n]);
    return parts;
  }

  static byte[] partReturnedByAnother(int n) {
    Parts parts = new Parts();
    parts.one = new byte[n];
    kept = parts;
    return n == 3 ? parts.one : Arrays.copyOf(parts.one, 3);
  }

  static void listGiven(ArrayList<byte[]> list, int n) {
    list.add(new byte[n]);
  }

  static void perhapsGiven(ArrayList<byte[]> given, int n) {
    ArrayList<byte[]> list = given == null ? new ArrayList<>() : given;
    list.add(new byte[n]);
  }

  static class Leaking<T> extends ArrayList<T> {
    @Override
    public boolean add(T t) {
      kept = t;
      return super.add(t);
    }
  }

  static void ofLeakingSubclass(int n) {
    List<byte[]> list = new Leaking<>();
    list.add(new byte[n]);
  }

  static class Asking<T> extends ArrayList<T> {
    @Override
    public Iterator<T> iterator() {
      kept = this;
      return super.iterator();
    }
  }

  static void ofSubclassThatLeaksWhenRead(int n) {
    List<byte[]> list = new Asking<>();
    list.add(new byte[n]);
    for (byte[] b : list) {
      b[0] = 1;
    }
  }

  static class Finalized<T> extends ArrayList<T> {
    @Override
    protected void finalize() {
      kept = get(0);
    }
  }

  static void ofFinalizedSubclass(int n) {
    List<byte[]> list = new Finalized<>();
    list.add(new byte[n]);
  }

  static Object listHashed(int n) {
    List<byte[]> list = new ArrayList<>();
    list.add(new byte[n]);
    kept = list.get(0) == null ? null : list;
    return null;
  }

  /** The receiver may say no, and have what is made after that. */
  static void listOfferedFirst(Sink sink, int n) {
    List<byte[]> list = new ArrayList<>();
    sink.take(list);
    list.add(new byte[n]);
  }

  static void listOfferedEachRound(Sink sink, int n) {
    List<byte[]> list = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      list.add(new byte[n]);
      sink.take(list);
    }
  }

  static void boxOfferedFirst(Sink sink, int n) {
    Object[] box = new Object[1];
    sink.take(box);
    byte[] b = new byte[n];
    box[0] = b;
  }

  static void innerOfferedFirst(Sink sink, int n) {
    Object[] inner = new Object[1];
    Object[] outer = {inner};
    sink.take(outer);
    byte[] b = new byte[n];
    inner[0] = b;
  }

  // offered, but never filled afterwards

  static void listOfferedWhenFull(Sink sink, int n) {
    List<byte[]> list = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      list.add(new byte[n]);
    }
    sink.take(list);
  }

  static void freshListOfferedEachRound(Sink sink, int n) {
    for (int i = 0; i < n; i++) {
      List<byte[]> list = new ArrayList<>();
      list.add(new byte[n]);
      sink.take(list);
    }
  }

  // returned now and then

  static byte[] fitted(InputStream in, int n) throws IOException {
    byte[] b = new byte[n];
    int got = in.read(b);
    return got == n ? b : Arrays.copyOf(b, Math.max(0, got));
  }

  static Object fittedAsObject(int n) {
    byte[] b = new byte[n];
    return n > 3 ? b : Arrays.copyOf(b, 3);
  }

  static byte[] oneOfMany(int n) {
    List<byte[]> list = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      list.add(new byte[64]);
    }
    return list.get(n / 2);
  }

  static byte[] fromBox(int n) {
    Parts parts = new Parts();
    parts.one = new byte[n];
    return n > 3 ? parts.one : Arrays.copyOf(parts.one, 3);
  }

  // returned always, or by way of something else

  static byte[] always(int n) {
    byte[] b = new byte[n];
    b[0] = 1;
    return b;
  }

  static byte[] alwaysButNull(InputStream in, int n) {
    try {
      byte[] b = new byte[n];
      return in.read(b) == n ? b : null;
    } catch (IOException e) {
      return null;
    }
  }

  static byte[] alwaysOnceMade(int n) {
    if (n == 0) {
      return kept == null ? new byte[0] : (byte[]) kept;
    }
    return null;
  }

  static byte[] madeToBeReturned(byte[] from, int n) {
    return n < 3 ? from : new byte[n];
  }

  static byte[] alwaysOneOfTwo(int n) {
    byte[] made;
    if (n < 3) {
      made = new byte[3];
    } else {
      made = new byte[n];
      made[1] = 2;
    }
    return made;
  }

  static Object perhapsInList(int n) {
    List<byte[]> list = new ArrayList<>();
    byte[] b = new byte[n];
    list.add(b);
    return n > 3 ? (Object) b : list;
  }

  static Object perhapsInArray(int n) {
    byte[] b = new byte[n];
    Object[] box = {b};
    return n > 3 ? new byte[3] : box;
  }

  static byte[][] rowsReturned(int n) {
    byte[][] rows = new byte[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = new byte[n];
    }
    return n > 3 ? rows : new byte[3][3];
  }

  static byte[] returnedAndKept(int n) {
    byte[] b = new byte[n];
    kept = b;
    return n > 3 ? b : Arrays.copyOf(b, 3);
  }

  // results of which the caller has the only reference, or not

  private static byte[] collect(int n) {
    List<byte[]> list = new ArrayList<>();
    byte[] first = null;
    for (int i = 0; i < n; i++) {
      byte[] b = new byte[64];
      first = first == null ? b : first;
      list.add(b);
    }
    return list.size() == 1 ? first : new byte[64 * list.size()];
  }

  static int ofCollected(int n) {
    return collect(n).length;
  }

  private static byte[] collectInto(List<byte[]> list, int n) {
    byte[] b = new byte[64];
    list.add(b);
    return n == 1 ? b : new byte[n];
  }

  static int ofCollectedIntoMine(int n) {
    List<byte[]> mine = new ArrayList<>();
    kept = mine;
    return collectInto(mine, n).length;
  }

  private static byte[] collectAndKeep(int n) {
    List<byte[]> list = new ArrayList<>();
    byte[] b = new byte[64];
    list.add(b);
    kept = list;
    return n == 1 ? b : new byte[n];
  }

  static int ofCollectedAndKept(int n) {
    return collectAndKeep(n).length;
  }
}

package dev.tidepool.apps.soundness;

import dev.tidepool.apps.soundness.Bytes.Kept;
import java.util.ArrayList;
import java.util.List;

/** Several buffers of one call, held by something that the method has made. */
final class Lists {
  private Lists() {}

  /** The list dies with the method. */
  static final class Held implements Case {
    @Override
    public long run(long seed) {
      List<byte[]> list = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        byte[] buffer = new byte[Bytes.SIZE];
        Bytes.fill(buffer, 2000 + i, seed + i);
        list.add(buffer);
      }
      long sum = 0;
      for (byte[] buffer : list) {
        sum = sum * 31 + Bytes.sum(buffer);
      }
      return sum;
    }
  }

  /** The caller gets one of them, and keeps it. */
  static final class OneReturned implements Case {
    private final Kept kept = new Kept();

    @Override
    public long run(long seed) {
      byte[] one = one(seed);
      kept.keep(one);
      return Bytes.sum(one);
    }

    private static byte[] one(long seed) {
      List<byte[]> list = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        byte[] buffer = new byte[Bytes.SIZE];
        Bytes.fill(buffer, 3000 + i, seed + i);
        list.add(buffer);
      }
      return list.get((int) (seed & 1));
    }
  }

  /** A list that shows to others what is put into it. */
  static final class KeepingList extends ArrayList<byte[]> {
    private static final long serialVersionUID = 1;
    private static final ThreadLocal<Kept> KEPT = ThreadLocal.withInitial(Kept::new);

    @Override
    public boolean add(byte[] buffer) {
      KEPT.get().keep(buffer);
      return super.add(buffer);
    }
  }

  /** Such a list. */
  static final class Shown implements Case {
    @Override
    public long run(long seed) {
      return show(seed);
    }

    private static long show(long seed) {
      List<byte[]> list = new KeepingList();
      byte[] buffer = new byte[Bytes.SIZE];
      Bytes.fill(buffer, 4000, seed);
      list.add(buffer);
      return Bytes.sum(list.get(0));
    }
  }

  /** Takes something that buffers may be put into. */
  @FunctionalInterface
  interface Taker {
    void take(Object[] box);
  }

  /** A box is handed over empty, to somebody who keeps it, and filled afterwards. */
  static final class OfferedFirst implements Case, Taker {
    private final Kept kept = new Kept();
    private Object[] last = {};

    @Override
    public long run(long seed) {
      for (Object buffer : last) {
        kept.keep((byte[]) buffer);
      }
      return offer(this, seed);
    }

    @Override
    public void take(Object[] box) {
      last = box;
    }

    private static long offer(Taker taker, long seed) {
      Object[] box = new Object[1];
      taker.take(box);
      byte[] buffer = new byte[Bytes.SIZE];
      Bytes.fill(buffer, 5000, seed);
      box[0] = buffer;
      return Bytes.sum(buffer);
    }
  }
}

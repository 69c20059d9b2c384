package dev.tidepool.pools.internal;

import java.util.Map;
import java.util.TreeMap;

/** A tally of what shelves hold, by kind of array; gathered by one thread. */
public final class Holdings {

  /** What is there of one type and length. */
  public static final class Line {
    private int held;
    private int lent;
    private long bytesEach;

    public int held() {
      return held;
    }

    public int lent() {
      return lent;
    }

    public long bytesEach() {
      return bytesEach;
    }
  }

  private final Map<Long, Line> lines = new TreeMap<>();
  private long heldBytes;
  private long lentBytes;

  void add(long key, long bytes, boolean held) {
    Line line = lines.computeIfAbsent(key, k -> new Line());
    line.bytesEach = bytes;
    if (held) {
      line.held++;
      heldBytes += bytes;
    } else {
      line.lent++;
      lentBytes += bytes;
    }
  }

  /** By {@code length << 4 | type}. */
  public Map<Long, Line> lines() {
    return lines;
  }

  public long heldBytes() {
    return heldBytes;
  }

  public long lentBytes() {
    return lentBytes;
  }
}

package dev.tidepool.rewriting.gate;

import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.LongBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.LongToIntFunction;
import java.util.function.LongUnaryOperator;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;

/**
 * What rewritten code calls; defined in {@code java.lang} under the name {@link
 * GateInstall#GATE_NAME}.
 *
 * <p>While no delegate is set every method does what the code did before it was rewritten: {@code
 * acquire} is {@code new}, everything else is nothing. Whatever a delegate throws stays here. This
 * class must resolve against the boot loader alone and run inside any JDK method, hence no lambda,
 * no string concatenation, no thread-local, no logging, no type from outside java.base.
 *
 * <p>Site and length travel in one long, the site in the upper half, so that the delegates can be
 * types the JDK already has.
 */
public final class Gate {
  /** Changes with the shape of this class; another agent's gate of the same number can be used. */
  public static final int ABI = 4;

  /** Most arrays that one frame keeps for one site, to give them back. */
  private static final int MOST_KEPT = 256;

  private static final int MOST_BYTES_KEPT = 1 << 22;

  /** The id the next site is to get: it outlives agents, so that no id is ever used twice. */
  public static volatile int nextSite;

  /** (site, length) to an array of that length, or null for a plain new one. */
  public static volatile LongFunction<Object> acquire;

  /** Takes back an array (never null) of a site. */
  public static volatile ObjIntConsumer<Object> release;

  /** Site to what takes back the arrays of an owner (never null), and the one it had before. */
  public static volatile IntFunction<BiConsumer<Object, Object>> releaseOwned;

  /** Site to what says which array an owner (never null) has, or else the one it had before. */
  public static volatile IntFunction<BinaryOperator<Object>> owned;

  /** Told of an array (never null) of a site that others have in hand from now on. */
  public static volatile ObjIntConsumer<Object> lend;

  /** Told of an array (never null) of a site that others have in hand no more. */
  public static volatile ObjIntConsumer<Object> back;

  /** Counts one allocation of (site, length). */
  public static volatile LongConsumer count;

  /** (site, guard) to the question whether a receiver may be handed the site's array. */
  public static volatile LongFunction<Predicate<Object>> guard;

  /** (site, capacity) to the capacity that a growing object is to start at. */
  public static volatile LongToIntFunction capacity;

  /** Told of an object (never null) that a site has made and that will grow. */
  public static volatile ObjIntConsumer<Object> made;

  /** Site to what gives a builder of text (never null) an array of at least that length. */
  public static volatile IntFunction<ObjIntConsumer<Object>> furnish;

  /** Site to what gives native memory of a kind: its address, or 0 for the caller to make some. */
  public static volatile IntFunction<LongUnaryOperator> takeNative;

  /** Site to what takes back (address, kind): 0 where it keeps the memory, else the address. */
  public static volatile IntFunction<LongBinaryOperator> keepNative;

  /** Site to what is told that the memory at (address) is of (kind) now; -1 for no known kind. */
  public static volatile IntFunction<LongBinaryOperator> nativeKind;

  /** Told of a site whose delegate threw. */
  public static volatile IntConsumer failed;

  /** Told of a class about to be defined where no transformer sees it: its host and its bytes. */
  public static volatile BiConsumer<Class<?>, byte[]> classDefining;

  private Gate() {}

  public static boolean[] acquireBooleans(int length, int site) {
    LongFunction<Object> source = acquire;
    if (source != null && length >= 0) {
      try {
        if (source.apply(pack(site, length)) instanceof boolean[] array && array.length == length) {
          return array;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    try {
      return new boolean[length];
    } catch (NegativeArraySizeException | OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  public static char[] acquireChars(int length, int site) {
    LongFunction<Object> source = acquire;
    if (source != null && length >= 0) {
      try {
        if (source.apply(pack(site, length)) instanceof char[] array && array.length == length) {
          return array;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    try {
      return new char[length];
    } catch (NegativeArraySizeException | OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  public static float[] acquireFloats(int length, int site) {
    LongFunction<Object> source = acquire;
    if (source != null && length >= 0) {
      try {
        if (source.apply(pack(site, length)) instanceof float[] array && array.length == length) {
          return array;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    try {
      return new float[length];
    } catch (NegativeArraySizeException | OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  public static double[] acquireDoubles(int length, int site) {
    LongFunction<Object> source = acquire;
    if (source != null && length >= 0) {
      try {
        if (source.apply(pack(site, length)) instanceof double[] array && array.length == length) {
          return array;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    try {
      return new double[length];
    } catch (NegativeArraySizeException | OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  public static byte[] acquireBytes(int length, int site) {
    LongFunction<Object> source = acquire;
    if (source != null && length >= 0) {
      try {
        if (source.apply(pack(site, length)) instanceof byte[] array && array.length == length) {
          return array;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    try {
      return new byte[length];
    } catch (NegativeArraySizeException | OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  public static short[] acquireShorts(int length, int site) {
    LongFunction<Object> source = acquire;
    if (source != null && length >= 0) {
      try {
        if (source.apply(pack(site, length)) instanceof short[] array && array.length == length) {
          return array;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    try {
      return new short[length];
    } catch (NegativeArraySizeException | OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  public static int[] acquireInts(int length, int site) {
    LongFunction<Object> source = acquire;
    if (source != null && length >= 0) {
      try {
        if (source.apply(pack(site, length)) instanceof int[] array && array.length == length) {
          return array;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    try {
      return new int[length];
    } catch (NegativeArraySizeException | OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  public static long[] acquireLongs(int length, int site) {
    LongFunction<Object> source = acquire;
    if (source != null && length >= 0) {
      try {
        if (source.apply(pack(site, length)) instanceof long[] array && array.length == length) {
          return array;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    try {
      return new long[length];
    } catch (NegativeArraySizeException | OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  /** {@code Arrays.copyOf} of any primitive array; what is acquired may hold anything. */
  public static Object copyOf(Object original, int length, int site) {
    Object copy = original == null || length <= 0 ? null : acquire(original, length, site);
    if (copy != null) {
      return fill(copy, original, 0, length);
    }
    try {
      return plainCopy(original, length);
    } catch (RuntimeException | OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  /** {@code Arrays.copyOfRange} of any primitive array; what is acquired may hold anything. */
  public static Object copyOfRange(Object original, int from, int to, int site) {
    int given = original == null ? -1 : Array.getLength(original);
    boolean plain = from < 0 || from > given || to <= from;
    Object copy = plain ? null : acquire(original, to - from, site);
    if (copy != null) {
      return fill(copy, original, from, to - from);
    }
    try {
      return plainCopy(original, from, to);
    } catch (RuntimeException | OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  /** Overwrites all of the copy, zeros behind the end of the original. */
  private static Object fill(Object copy, Object original, int from, int length) {
    int there = Array.getLength(original) - from;
    System.arraycopy(original, from, copy, 0, there < length ? there : length);
    if (there < length) {
      clear(copy, there, length);
    }
    // as after an allocation: whoever is handed the copy by a data race finds nothing older
    VarHandle.storeStoreFence();
    return copy;
  }

  private static void clear(Object array, int from, int to) {
    if (array instanceof byte[] bytes) {
      Arrays.fill(bytes, from, to, (byte) 0);
    } else if (array instanceof char[] chars) {
      Arrays.fill(chars, from, to, (char) 0);
    } else if (array instanceof int[] ints) {
      Arrays.fill(ints, from, to, 0);
    } else if (array instanceof long[] longs) {
      Arrays.fill(longs, from, to, 0);
    } else if (array instanceof short[] shorts) {
      Arrays.fill(shorts, from, to, (short) 0);
    } else if (array instanceof float[] floats) {
      Arrays.fill(floats, from, to, 0);
    } else if (array instanceof double[] doubles) {
      Arrays.fill(doubles, from, to, 0);
    } else {
      Arrays.fill((boolean[]) array, from, to, false);
    }
  }

  /** An array like the given one, of this length, or null where there is none. */
  private static Object acquire(Object like, int length, int site) {
    LongFunction<Object> source = acquire;
    if (source != null) {
      try {
        Object array = source.apply(pack(site, length));
        if (array != null
            && array.getClass() == like.getClass()
            && Array.getLength(array) == length) {
          return array;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    return null;
  }

  private static Object plainCopy(Object original, int length) {
    if (original instanceof byte[] bytes) {
      return Arrays.copyOf(bytes, length);
    } else if (original instanceof char[] chars) {
      return Arrays.copyOf(chars, length);
    } else if (original instanceof int[] ints) {
      return Arrays.copyOf(ints, length);
    } else if (original instanceof long[] longs) {
      return Arrays.copyOf(longs, length);
    } else if (original instanceof short[] shorts) {
      return Arrays.copyOf(shorts, length);
    } else if (original instanceof float[] floats) {
      return Arrays.copyOf(floats, length);
    } else if (original instanceof double[] doubles) {
      return Arrays.copyOf(doubles, length);
    }
    return Arrays.copyOf((boolean[]) original, length);
  }

  private static Object plainCopy(Object original, int from, int to) {
    if (original instanceof byte[] bytes) {
      return Arrays.copyOfRange(bytes, from, to);
    } else if (original instanceof char[] chars) {
      return Arrays.copyOfRange(chars, from, to);
    } else if (original instanceof int[] ints) {
      return Arrays.copyOfRange(ints, from, to);
    } else if (original instanceof long[] longs) {
      return Arrays.copyOfRange(longs, from, to);
    } else if (original instanceof short[] shorts) {
      return Arrays.copyOfRange(shorts, from, to);
    } else if (original instanceof float[] floats) {
      return Arrays.copyOfRange(floats, from, to);
    } else if (original instanceof double[] doubles) {
      return Arrays.copyOfRange(doubles, from, to);
    }
    return Arrays.copyOfRange((boolean[]) original, from, to);
  }

  /** Gives an array back; nothing for null. */
  public static void release(Object array, int site) {
    ObjIntConsumer<Object> sink = release;
    if (array != null && sink != null) {
      try {
        sink.accept(array, site);
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
  }

  /**
   * Adds an array to those a frame is to give back.
   *
   * <p>One array stands for itself; several are in an {@code Object[]} with the used slots and the
   * bytes so far in an {@code int[]} before them. What would be too many is left to the collector:
   * the frame keeps them all, though its own code may have forgotten some.
   *
   * @param kept what the frame has so far, or null
   * @return what it has now
   */
  public static Object keep(Object kept, Object array, int site) {
    try {
      if (kept == null || array == null) {
        return kept == null ? array : kept;
      }
      Object[] many = kept instanceof Object[] before ? before : several(kept);
      int[] used = (int[]) many[0];
      long bytes = used[1] + sizeOf(array);
      if (used[0] > MOST_KEPT || bytes > MOST_BYTES_KEPT) {
        return many;
      }
      if (used[0] == many.length) {
        Object[] more = new Object[2 * many.length];
        System.arraycopy(many, 0, more, 0, many.length);
        many = more;
      }
      many[used[0]] = array;
      used[0]++;
      used[1] = (int) bytes;
      return many;
    } catch (Throwable thrown) {
      failed(thrown, site);
    }
    return kept;
  }

  private static Object[] several(Object first) {
    Object[] many = new Object[8];
    long bytes = sizeOf(first);
    many[0] = new int[] {2, bytes < MOST_BYTES_KEPT ? (int) bytes : MOST_BYTES_KEPT};
    many[1] = first;
    return many;
  }

  private static long sizeOf(Object array) {
    long length = Array.getLength(array);
    if (array instanceof byte[] || array instanceof boolean[]) {
      return length;
    }
    if (array instanceof char[] || array instanceof short[]) {
      return 2 * length;
    }
    return array instanceof int[] || array instanceof float[] ? 4 * length : 8 * length;
  }

  /**
   * Gives back what a frame has, one array or several, but not the one that it returns.
   *
   * @param returned what the method returns, or null
   */
  public static void releaseOthers(Object returned, Object kept, int site) {
    if (!(kept instanceof Object[] many)) {
      release(kept == returned ? null : kept, site);
      return;
    }
    for (int i = 1; i < many.length; i++) {
      release(many[i] == returned ? null : many[i], site);
    }
  }

  /** Gives the arrays of an owner back, and the one it had before; nothing for null. */
  public static void releaseOwned(Object owner, Object before, int site) {
    IntFunction<BiConsumer<Object, Object>> sinks = releaseOwned;
    if (owner != null && sinks != null) {
      try {
        BiConsumer<Object, Object> sink = sinks.apply(site);
        if (sink != null) {
          sink.accept(owner, before);
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
  }

  /** Others have the array in hand, or something that leads to it. */
  public static void lend(Object array, int site) {
    tell(lend, array, site);
  }

  /** Nobody else has the array in hand any more; nothing for null. */
  public static void back(Object array, int site) {
    tell(back, array, site);
  }

  /** The array that an owner has, or the one it had before. */
  public static Object owned(Object owner, Object before, int site) {
    IntFunction<BinaryOperator<Object>> readers = owned;
    if (owner != null && readers != null) {
      try {
        BinaryOperator<Object> reader = readers.apply(site);
        if (reader != null) {
          return reader.apply(owner, before);
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    return before;
  }

  public static void count(int length, int site) {
    LongConsumer counter = count;
    if (counter != null && length >= 0) {
      try {
        counter.accept(pack(site, length));
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
  }

  /** The array if the receiver may see it and it can still be released later, null if not. */
  public static Object guard(Object receiver, Object array, int guard, int site) {
    LongFunction<Predicate<Object>> guards = Gate.guard;
    if (array != null && guards != null) {
      try {
        Predicate<Object> allows = guards.apply(pack(site, guard));
        if (allows != null && allows.test(receiver)) {
          return array;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    return null;
  }

  /** Where a growing object starts; what the code says where nothing better is known. */
  public static int capacity(int given, int site) {
    LongToIntFunction learned = capacity;
    if (learned != null && given >= 0) {
      try {
        int start = learned.applyAsInt(pack(site, given));
        if (start > 0) {
          return start;
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    return given;
  }

  public static void made(Object object, int site) {
    tell(made, object, site);
  }

  private static void tell(ObjIntConsumer<Object> listener, Object object, int site) {
    if (object != null && listener != null) {
      try {
        listener.accept(object, site);
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
  }

  /** Gives a builder that was made without room as much as the code says, or more. */
  public static void furnish(Object builder, int length, int site) {
    IntFunction<ObjIntConsumer<Object>> sources = furnish;
    if (sources != null) {
      try {
        ObjIntConsumer<Object> source = sources.apply(site);
        if (source != null) {
          source.accept(builder, length);
        }
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    try {
      ((StringBuilder) builder).ensureCapacity(length); // nothing where it has that
    } catch (OutOfMemoryError thrown) {
      hideGate(thrown);
      throw thrown;
    }
  }

  /** What tells one compressor's state from another: all that it is made with. */
  public static long kind(int level, int strategy, boolean nowrap) {
    return ((level & 0xFFL) << 16) | ((strategy & 0xFFL) << 8) | (nowrap ? 1 : 0);
  }

  /** What tells one decompressor's state from another. */
  public static long kind(boolean nowrap) {
    return nowrap ? 1 : 0;
  }

  /** Address of native memory of that kind, as good as new; 0 for the caller to make some. */
  public static long takeNative(long kind, int site) {
    IntFunction<LongUnaryOperator> sources = takeNative;
    if (sources != null) {
      try {
        LongUnaryOperator source = sources.apply(site);
        return source == null ? 0 : source.applyAsLong(kind);
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    return 0;
  }

  /** What the caller is to free: the address, or 0 where the memory is kept. */
  public static long keepNative(long address, long kind, int site) {
    IntFunction<LongBinaryOperator> sinks = keepNative;
    if (sinks != null && address != 0) {
      try {
        LongBinaryOperator sink = sinks.apply(site);
        return sink == null ? address : sink.applyAsLong(address, kind);
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    return address;
  }

  /**
   * Says of what kind the memory is from now on, -1 for one that nobody may have again.
   *
   * @return the address
   */
  public static long nativeKind(long address, long kind, int site) {
    IntFunction<LongBinaryOperator> listeners = nativeKind;
    if (listeners != null && address != 0) {
      try {
        LongBinaryOperator listener = listeners.apply(site);
        return listener == null ? address : listener.applyAsLong(address, kind);
      } catch (Throwable thrown) {
        failed(thrown, site);
      }
    }
    return address;
  }

  public static void classDefining(Class<?> host, byte[] classFile) {
    BiConsumer<Class<?>, byte[]> listener = classDefining;
    if (listener != null) {
      try {
        listener.accept(host, classFile);
      } catch (Throwable thrown) {
        failed(thrown, -1);
      }
    }
  }

  private static long pack(int site, int low) {
    return ((long) site << 32) | (low & 0xFFFFFFFFL);
  }

  /** Swallows and reports, except Thread.stop's order, which is the application's. */
  private static void failed(Throwable thrown, int site) {
    if (thrown instanceof Error order
        && thrown.getClass().getName().equals("java.lang.ThreadDeath")) {
      throw order;
    }
    IntConsumer listener = failed;
    if (listener != null) {
      try {
        listener.accept(site);
      } catch (Throwable ignored) {
        // the reporter of failures has nobody to report to
      }
    }
  }

  /** Removes this class's own frame, so that the trace is the one {@code new} would have left. */
  private static void hideGate(Throwable thrown) {
    try {
      StackTraceElement[] trace = thrown.getStackTrace();
      String name = Gate.class.getName();
      int kept = 0;
      for (StackTraceElement frame : trace) {
        if (!frame.getClassName().equals(name)) {
          trace[kept++] = frame;
        }
      }
      StackTraceElement[] callers = new StackTraceElement[kept];
      System.arraycopy(trace, 0, callers, 0, kept);
      thrown.setStackTrace(callers);
    } catch (Throwable ignored) {
      // out of memory: the frame stays
    }
  }
}

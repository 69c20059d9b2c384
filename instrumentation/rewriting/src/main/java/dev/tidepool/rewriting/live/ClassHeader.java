package dev.tidepool.rewriting.live;

import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The names a class file begins with, as hashes read straight from the constant pool (JVMS 4.1,
 * 4.4): enough to filter class loads for the price of one pass over the pool, no string made.
 *
 * @param name hash of the class's own internal name
 * @param supers hashes of its superclass and interfaces
 * @param isFinal whether nothing can be below it
 * @param asks whether it names a method that gives a {@link StringBuffer}
 */
@SuppressWarnings("ArrayRecordComponent") // made once per class load, never compared
record ClassHeader(long name, long[] supers, boolean isFinal, boolean asks) {
  /** Stands above every class that {@link #asks}. */
  static final String ASKED = "()Ljava/lang/StringBuffer;";

  private static final byte[] ASKED_BYTES = ASKED.getBytes(StandardCharsets.US_ASCII);
  static final long ASKED_HASH = hash(ASKED);

  private static final int UTF8 = 1;
  private static final int INTEGER = 3;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;
  private static final int CLASS = 7;
  private static final int STRING = 8;
  private static final int METHOD_HANDLE = 15;
  private static final int METHOD_TYPE = 16;
  private static final int INVOKE_DYNAMIC = 18;
  private static final int MODULE = 19;
  private static final int PACKAGE = 20;

  private static final int SYNTHETIC = 0x1000;

  private static final long SEED = 0xCBF29CE484222325L;
  private static final long PRIME = 0x100000001B3L;

  /** The header, or null where the bytes are not a class file this reader understands. */
  static ClassHeader read(byte[] file) {
    try {
      return parse(file);
    } catch (IndexOutOfBoundsException cutShort) {
      return null;
    }
  }

  private static ClassHeader parse(byte[] file) {
    if (file.length < 10 || u4(file, 0) != 0xCAFEBABE) {
      return null;
    }
    int[] at = new int[u2(file, 8)];
    int position = skipPool(file, at);
    if (position < 0) {
      return null;
    }
    int access = u2(file, position);
    int interfaces = u2(file, position + 6);
    int superclass = u2(file, position + 4);
    int first = superclass == 0 ? 0 : 1;
    long[] supers = new long[first + interfaces];
    if (first == 1) {
      supers[0] = className(file, at, superclass);
    }
    for (int i = 0; i < interfaces; i++) {
      supers[first + i] = className(file, at, u2(file, position + 8 + 2 * i));
    }
    return new ClassHeader(
        className(file, at, u2(file, position + 2)), supers, Modifier.isFinal(access), at[0] != 0);
  }

  /** What watched names it counts as being below of. */
  long[] above() {
    if (!asks) {
      return supers;
    }
    long[] more = Arrays.copyOf(supers, supers.length + 1);
    more[supers.length] = ASKED_HASH;
    return more;
  }

  /** A copy that differs in one modifier of the class; null where {@link #read} gives null. */
  static byte[] withOtherModifiers(byte[] file) {
    int position = read(file) == null ? -1 : skipPool(file, new int[u2(file, 8)]);
    if (position < 0) {
      return null;
    }
    byte[] other = file.clone();
    other[position] ^= SYNTHETIC >> 8;
    return other;
  }

  /**
   * Notes where each constant begins, and in the place of the one that is none whether there is the
   * descriptor that {@link #asks} means.
   *
   * @return where the pool ends, or -1 at a constant this reader does not know
   */
  private static int skipPool(byte[] file, int[] at) {
    int count = at.length;
    int position = 10;
    for (int i = 1; i < count; i++) {
      at[i] = position;
      int tag = file[position];
      switch (tag) {
        case UTF8 -> {
          int length = u2(file, position + 1);
          if (length == ASKED_BYTES.length && isAsked(file, position + 3)) {
            at[0] = 1;
          }
          position += 3 + length;
        }
        case CLASS, STRING, METHOD_TYPE, MODULE, PACKAGE -> position += 3;
        case METHOD_HANDLE -> position += 4;
        case LONG, DOUBLE -> {
          position += 9;
          i++;
        }
        default -> {
          if (tag < INTEGER || tag > INVOKE_DYNAMIC) {
            return -1;
          }
          position += 5;
        }
      }
    }
    return position;
  }

  private static boolean isAsked(byte[] file, int from) {
    for (int i = 0; i < ASKED_BYTES.length; i++) {
      if (file[from + i] != ASKED_BYTES[i]) {
        return false;
      }
    }
    return true;
  }

  private static long className(byte[] file, int[] at, int index) {
    int utf8 = at[u2(file, at[index] + 1)];
    int end = utf8 + 3 + u2(file, utf8 + 1);
    long hash = SEED;
    for (int i = utf8 + 3; i < end; i++) {
      hash = (hash ^ (file[i] & 0xFF)) * PRIME;
    }
    return spread(hash);
  }

  /** The hash of a class name; dots count as slashes. */
  static long hash(String name) {
    long hash = SEED;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '.') {
        hash = (hash ^ '/') * PRIME;
      } else if (c >= 1 && c <= 0x7F) {
        hash = (hash ^ c) * PRIME;
      } else if (c <= 0x7FF) {
        hash = (hash ^ (0xC0 | (c >> 6))) * PRIME;
        hash = (hash ^ (0x80 | (c & 0x3F))) * PRIME;
      } else {
        hash = (hash ^ (0xE0 | (c >> 12))) * PRIME;
        hash = (hash ^ (0x80 | ((c >> 6) & 0x3F))) * PRIME;
        hash = (hash ^ (0x80 | (c & 0x3F))) * PRIME;
      }
    }
    return spread(hash);
  }

  /** One class of one loader: the name's hash mixed with the loader's identity. */
  static long key(long name, ClassLoader loader) {
    return spread(name + PRIME * (1L + System.identityHashCode(loader)));
  }

  /** The tables below are indexed by the lowest bits and use zero for an empty slot. */
  private static long spread(long hash) {
    long h = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
    h ^= h >>> 29;
    return h == 0 ? 1 : h;
  }

  private static int u2(byte[] file, int at) {
    return ((file[at] & 0xFF) << 8) | (file[at + 1] & 0xFF);
  }

  private static int u4(byte[] file, int at) {
    return (u2(file, at) << 16) | u2(file, at + 2);
  }
}

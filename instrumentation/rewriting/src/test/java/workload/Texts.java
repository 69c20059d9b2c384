package workload;

import java.util.List;

/** Methods that make texts, each with a builder of its own. */
public final class Texts {
  private Texts() {}

  /** As long as it is told to be, with room for exactly that. */
  public static String sized(int seed, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + (seed + i) % 26));
    }
    return text.toString();
  }

  /** Grows from nothing. */
  public static String grown(int seed, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + (seed + i) % 26));
    }
    return text.toString();
  }

  /** Needs two bytes a character from somewhere on. */
  public static String wide(int seed, int length) {
    StringBuilder text = new StringBuilder(4000);
    for (int i = 0; i < length; i++) {
      text.append((char) (i < length / 2 ? 'a' + (seed + i) % 26 : 0x3b1 + (seed + i) % 24));
    }
    return text.toString();
  }

  /** Made longer without writing: that reads as zeros, whoever had the array before. */
  public static String stretched(int seed, int length) {
    StringBuilder text = new StringBuilder(8000);
    text.append(seed);
    text.setLength(length);
    text.insert(0, "<").append('>');
    return text.toString();
  }

  /** What is appended may throw in the middle. */
  public static String thrown(int seed, Object part) {
    StringBuilder text = new StringBuilder(6000 + (seed & 1));
    try {
      text.append(seed).append(part);
      return text.toString();
    } catch (IllegalStateException expected) {
      return text.append('!').toString();
    }
  }

  /** One in another's arguments, and in a loop. */
  public static String nested(int seed) {
    String last = "";
    for (int i = 0; i < 4; i++) {
      StringBuilder outer =
          new StringBuilder(3000 + new StringBuilder(2500).append(seed).append(last).length());
      outer.append(last).append(seed).append(sized(seed, 2500));
      last = outer.toString();
    }
    return last;
  }

  /** Somebody else gets it. */
  public static StringBuilder returned(int seed) {
    StringBuilder text = new StringBuilder(5000);
    return text.append(seed);
  }

  /** Asked for its room. */
  public static int asked(int capacity) {
    StringBuilder text = new StringBuilder(capacity);
    return text.append(capacity).capacity();
  }

  /** Kept by whoever is handed it. */
  public static void handed(int seed, List<Object> to) {
    StringBuilder text = new StringBuilder(5000);
    to.add(text.append(seed));
  }
}

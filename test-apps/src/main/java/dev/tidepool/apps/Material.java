package dev.tidepool.apps;

import java.util.SplittableRandom;

/** Input made from a seed: text that compresses like text, and noise that does not compress. */
public final class Material {
  private static final String[] WORDS = {
    "tide", "pool", "harbour", "the", "of", "and", "a", "water", "level", "stone", "quay", "moon",
    "in", "to", "current", "anchor", "rope", "sail", "north", "wind", "is", "was", "shallow"
  };

  private Material() {}

  /** Lines of words, at least {@code length} characters, all ASCII. */
  public static String text(long seed, int length) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder(length + 16);
    int words = 0;
    while (text.length() < length) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(++words % 12 == 0 ? '\n' : ' ');
    }
    return text.toString();
  }

  /** Bytes without pattern. */
  public static byte[] noise(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}

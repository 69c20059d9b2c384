package dev.tidepool.rewriting.proof;

import java.util.Arrays;

/** Arrays that are overwritten at once, and others that only look like it. */
@SuppressWarnings({"unused", "ManualArrayCopy"})
final class OverwritingFixtures {
  static int kept;

  private OverwritingFixtures() {}

  static int copied(byte[] from, int offset, int length) {
    byte[] array = new byte[length];
    System.arraycopy(from, offset, array, 0, length);
    return use(array);
  }

  static int copiedWhole(byte[] from) {
    byte[] array = new byte[from.length];
    System.arraycopy(from, 0, array, 0, from.length);
    return use(array);
  }

  static int copiedByItsLength(byte[] from, int length) {
    kept++;
    byte[] array = new byte[length * 2 + 1];
    String between = String.valueOf(length);
    System.arraycopy(from, between.length(), array, 0, array.length);
    return use(array);
  }

  static int constant(byte[] from) {
    byte[] array = new byte[4096];
    System.arraycopy(from, 3, array, 0, 4096);
    return use(array);
  }

  static int characters(String text, int from, int length) {
    char[] array = new char[length];
    text.getChars(from, from + length, array, 0);
    return use(array);
  }

  static int charactersFromTo(String text, int from, int to) {
    char[] array = new char[to - from];
    text.getChars(from, to, array, 0);
    return use(array);
  }

  static int allCharacters(String text) {
    char[] array = new char[text.length()];
    text.getChars(0, text.length(), array, 0);
    return use(array);
  }

  static int filled(int length) {
    long[] array = new long[length];
    Arrays.fill(array, 7);
    return array.length;
  }

  static int behindABranch(byte[] from, int length) {
    if (from.length < length) {
      return 0;
    }
    byte[] array = new byte[length];
    System.arraycopy(from, 0, array, 0, length);
    return use(array);
  }

  static int shorter(byte[] from, int length) {
    byte[] array = new byte[length];
    System.arraycopy(from, 0, array, 0, length - 1);
    return use(array);
  }

  static int another(byte[] from, int length, int other) {
    byte[] array = new byte[length];
    System.arraycopy(from, 0, array, 0, other);
    return use(array);
  }

  static int changed(byte[] from, int length) {
    int room = length;
    byte[] array = new byte[room];
    room--;
    System.arraycopy(from, 0, array, 0, room);
    return use(array);
  }

  static int later(byte[] from, int length) {
    byte[] array = new byte[length];
    System.arraycopy(from, 0, array, 1, length);
    return use(array);
  }

  static int itself(int length) {
    byte[] array = new byte[length];
    System.arraycopy(array, 0, array, 0, length);
    return use(array);
  }

  static int readBefore(byte[] from, int length) {
    byte[] array = new byte[length];
    kept = array[0];
    System.arraycopy(from, 0, array, 0, length);
    return use(array);
  }

  static int handedBefore(byte[] from, int length) {
    byte[] array = new byte[length];
    use(array);
    System.arraycopy(from, 0, array, 0, length);
    return use(array);
  }

  static int sometimes(byte[] from, int length) {
    byte[] array = new byte[length];
    if (length > 3) {
      System.arraycopy(from, 0, array, 0, length);
    }
    return use(array);
  }

  static int caught(byte[] from, int length) {
    byte[] array = new byte[0];
    try {
      array = new byte[length];
      System.arraycopy(from, 0, array, 0, length);
    } catch (IndexOutOfBoundsException tooShort) {
      kept++;
    }
    return use(array);
  }

  static int eachRound(byte[] from, int length) {
    byte[] array = new byte[length];
    for (int i = 0; i < 3; i++) {
      kept += array[i];
      System.arraycopy(from, i, array, 0, length);
    }
    return use(array);
  }

  static int fewerCharacters(String text, int from, int to) {
    char[] array = new char[to - from];
    text.getChars(from, to - 1, array, 0);
    return use(array);
  }

  static int theOtherWay(String text, int from, int to) {
    char[] array = new char[from - to];
    text.getChars(from, to, array, 0);
    return use(array);
  }

  static int partlyFilled(int length) {
    long[] array = new long[length];
    Arrays.fill(array, 1, length, 7);
    return array.length;
  }

  static int field(byte[] from) {
    byte[] array = new byte[kept];
    System.arraycopy(from, 0, array, 0, kept);
    return use(array);
  }

  static int anothersText(String text, String other) {
    char[] array = new char[text.length()];
    other.getChars(0, other.length(), array, 0);
    return use(array);
  }

  private static int use(byte[] array) {
    return array.length == 0 ? 0 : array[array.length - 1];
  }

  private static int use(char[] array) {
    return array.length == 0 ? 0 : array[array.length - 1];
  }
}

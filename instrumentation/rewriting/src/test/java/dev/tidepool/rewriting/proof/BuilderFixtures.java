package dev.tidepool.rewriting.proof;

import java.util.function.Supplier;

/** Methods with a builder of text each, of which somebody gets hold or nobody does. */
@SuppressWarnings("UnnecessaryStringBuilder") // they are what this is about
final class BuilderFixtures {
  static StringBuilder kept;

  private StringBuilder field;

  private BuilderFixtures() {}

  static String sized(int n) {
    StringBuilder text = new StringBuilder(n);
    return text.append(n).append("x").insert(0, 'y').toString();
  }

  static String plain(Object part) {
    StringBuilder text = new StringBuilder();
    text.append(part).append(1.5).setLength(3);
    return text.reverse().substring(1);
  }

  static String copied(CharSequence part) {
    StringBuilder text = new StringBuilder(part.length());
    StringBuilder other = new StringBuilder(text.append(part));
    return other.append(text).toString();
  }

  static String eachRound(int n) {
    String last = "";
    for (int i = 0; i < n; i++) {
      StringBuilder text = new StringBuilder(n);
      last = text.append(last).append(i).toString();
    }
    return last;
  }

  /** The builder of the round before is read after the next one was made. */
  static String roundBefore(int n) {
    StringBuilder before = null;
    String last = "";
    for (int i = 0; i < n; i++) {
      StringBuilder text = new StringBuilder(n);
      last = before == null ? "" : text.append(before).toString();
      before = text.append(i);
    }
    return last;
  }

  static String concatenated(int n) {
    StringBuilder text = new StringBuilder(n);
    text.append(n);
    return "<" + text + ">";
  }

  static String withText(int n) {
    return new StringBuilder("text").append(n).toString();
  }

  static StringBuilder returned(int n) {
    return new StringBuilder(n).append(n);
  }

  static CharSequence returnedAsText(int n) {
    StringBuilder text = new StringBuilder(n);
    CharSequence chars = text;
    return chars;
  }

  static void stored(int n) {
    kept = new StringBuilder(n);
  }

  void storedInField(int n) {
    StringBuilder text = new StringBuilder(n);
    field = text;
    field.append(n);
  }

  static String formatted(int n) {
    StringBuilder text = new StringBuilder(n);
    return String.format("%s", text);
  }

  static Supplier<String> captured(int n) {
    StringBuilder text = new StringBuilder(n);
    return () -> text.append('x').toString();
  }

  static Supplier<String> bound(int n) {
    StringBuilder text = new StringBuilder(n);
    return text::toString;
  }

  static int handed(int n) {
    StringBuilder text = new StringBuilder(n);
    return length(text);
  }

  private static int length(CharSequence text) {
    return text.length();
  }

  static int asked(int n) {
    StringBuilder text = new StringBuilder(n);
    return text.append(n).capacity();
  }

  static long viewed(int n) {
    StringBuilder text = new StringBuilder(n);
    return text.append(n).chars().count();
  }

  static Object either(boolean one, int n) {
    StringBuilder text = new StringBuilder(n);
    Object found = one ? text : "none";
    return found;
  }

  static CharSequence part(int n) {
    StringBuilder text = new StringBuilder(n);
    CharSequence part = text.append(n).subSequence(0, 1);
    return part;
  }
}

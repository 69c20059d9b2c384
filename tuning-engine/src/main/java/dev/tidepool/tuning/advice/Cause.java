package dev.tidepool.tuning.advice;

import dev.tidepool.rewriting.SiteReport;
import java.util.regex.Pattern;

/** Why nothing can be done at a site, told by a word of its reason or by what its method is for. */
enum Cause {
  GROWN(
      "site-grows",
      "",
      "is there to replace one that was outgrown",
      "create it with the size it ends with"),
  COPIED(
      "site-copied",
      "",
      "is a copy for the caller",
      "hand on what was written (writeTo, or the stream itself) instead of a copy of it"),
  OWNED(
      "site-owned",
      "before the constructor has called",
      "lives as long as that object",
      "reuse one for many calls, or make it, use it and drop it in one method"),
  FIELD(
      "site-kept",
      "stored in field",
      "is kept in a field",
      "reuse the array that is there while it is long enough, or take it from whoever makes the"
          + " object"),
  RETURNED(
      "site-returned",
      "returned to the caller",
      "is returned",
      "let the caller hand in a buffer to be filled, or an OutputStream to write to"),
  CAPTURED(
      "site-captured",
      "captured by a lambda",
      "is captured by a lambda",
      "make the buffer inside the lambda, or hand it over as an argument"),
  NATIVE(
      "site-native",
      "passed to native",
      "is passed to native code",
      "keep one buffer for many calls, or use a direct ByteBuffer made once"),
  OPEN_CALL(
      "site-open-call",
      "which may run",
      "is passed to a call that may run any of several classes",
      "declare the variable with the class it has, or make that class final"),
  HELD(
      "site-held",
      "still held",
      "is held by somebody after its method has ended",
      "let go of the buffer where the method ends"),
  DROPPED(
      "site-not-given-back",
      "came from the pool",
      "is kept by whoever gets it",
      "reuse one for many calls, or write to a stream instead of an array"),
  FIXED(
      "site-fixed",
      "cannot be rewritten",
      "is made in a class that cannot be rewritten",
      "keep one buffer for many calls"),
  OTHER("site-escapes", "", "gets away", "keep the buffer in the method that makes it");

  private static final Pattern GROWS =
      Pattern.compile("(?i).*(grow|ensurecapacity|expand|resize|enlarge|makespace).*");
  private static final Pattern COPIES = Pattern.compile("to\\w*Array");

  final String id;
  final String said;
  final String action;
  private final String word;

  Cause(String id, String word, String said, String action) {
    this.id = id;
    this.word = word;
    this.said = said;
    this.action = action;
  }

  static Cause of(SiteReport site) {
    if (GROWS.matcher(site.method()).matches()) {
      return GROWN;
    }
    if (COPIES.matcher(site.method()).matches()) {
      return COPIED;
    }
    Cause told = of(site.reason());
    // nobody changes the JDK: who made the object is to be told
    return isJdk(site.className()) && (told == FIELD || (told == DROPPED && isInit(site)))
        ? OWNED
        : told;
  }

  /** By the reason alone. */
  static Cause of(String reason) {
    for (Cause cause : values()) {
      if (!cause.word.isEmpty() && reason.contains(cause.word)) {
        return cause;
      }
    }
    return OTHER;
  }

  private static boolean isInit(SiteReport site) {
    return site.method().equals("<init>");
  }

  static boolean isJdk(String className) {
    return className.startsWith("java.")
        || className.startsWith("javax.")
        || className.startsWith("jdk.")
        || className.startsWith("sun.")
        || className.startsWith("com.sun.");
  }
}

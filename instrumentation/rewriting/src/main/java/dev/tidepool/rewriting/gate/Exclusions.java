package dev.tidepool.rewriting.gate;

/**
 * Classes that are never rewritten: what the gate, the runtime and the pools stand on, which would
 * call themselves, and what the virtual machine calls at moments when nothing else may run.
 */
public final class Exclusions {
  private static final String[] PACKAGES = {
    "dev/tidepool/agent/",
    "dev/tidepool/pools/",
    "dev/tidepool/rewriting/",
    "dev/tidepool/shaded/",
    "dev/tidepool/tuning/",
    "tidepool/boot/",
    "java/lang/",
    "java/util/concurrent/",
    "java/util/function/",
    "java/util/stream/",
    "jdk/internal/",
    "jdk/jfr/",
    "sun/instrument/",
    "sun/invoke/",
    "sun/launcher/",
    "sun/misc/",
    "sun/reflect/"
  };

  /** JDK packages below an excluded one that nothing here stands on. */
  private static final String[] ALLOWED = {"jdk/internal/net/http/"};

  /** With their nested classes. */
  private static final String[] CLASSES = {
    "java/util/AbstractCollection",
    "java/util/AbstractList",
    "java/util/AbstractMap",
    "java/util/ArrayDeque",
    "java/util/ArrayList",
    "java/util/Arrays",
    "java/util/Collections",
    "java/util/HashMap",
    "java/util/IdentityHashMap",
    "java/util/ImmutableCollections",
    "java/util/Iterator",
    "java/util/LinkedHashMap",
    "java/util/Objects",
    "java/util/Set",
    "java/util/Spliterator",
    "java/util/Spliterators",
    "java/util/WeakHashMap"
  };

  private Exclusions() {}

  /**
   * Whether a class must be left as it is.
   *
   * @param internalName {@code java/io/InputStream}
   */
  public static boolean excludes(String internalName) {
    for (String allowed : ALLOWED) {
      if (internalName.startsWith(allowed)) {
        return false;
      }
    }
    for (String excluded : PACKAGES) {
      if (internalName.startsWith(excluded)) {
        return true;
      }
    }
    for (String excluded : CLASSES) {
      if (internalName.startsWith(excluded)
          && (internalName.length() == excluded.length()
              || internalName.charAt(excluded.length()) == '$')) {
        return true;
      }
    }
    return false;
  }
}

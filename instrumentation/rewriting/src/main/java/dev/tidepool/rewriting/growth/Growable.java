package dev.tidepool.rewriting.growth;

/**
 * A class that is known to grow.
 *
 * @param className internal name; only objects of exactly this class are meant
 * @param capacity where its array starts when nothing is said
 * @param lazy whether it has no array before something is put into it, when nothing is said
 * @param elementBytes of one element
 * @param path field that leads to the object with the array, or null where it has it itself
 * @param array field of the array
 * @param size field of the number of elements, or null where {@code size()} is asked, which takes
 *     no lock
 * @param coder field of the power of two of bytes that an element takes, or null
 * @param sight who can see the capacity
 */
public record Growable(
    String className,
    int capacity,
    boolean lazy,
    GrowthRule rule,
    int elementBytes,
    String path,
    String array,
    String size,
    String coder,
    Sight sight) {

  /** Who can tell how long the array is. */
  public enum Sight {
    /** Nobody. */
    HIDDEN,
    /** The stream that the object is asked to write itself to. */
    WRITTEN,
    /** Whoever has the object. */
    OPEN
  }

  /** With dots. */
  public String sourceName() {
    return className.replace('/', '.');
  }

  /** Bytes that an object allocates for its arrays when it starts at what it is given. */
  public long bytes(Start start, long size) {
    return start.lazy() && size == 0 ? 0 : rule.bytes(start.capacity(), size, elementBytes);
  }

  /** The same where it is started elsewhere. */
  long bytes(Start start, long capacity, long size) {
    if (!start.fixed()) {
      return rule.bytes(capacity, size, elementBytes);
    }
    long given = start.capacity();
    return capacity <= given
        ? rule.bytes(given, size, elementBytes)
        : rule.bytes(given, given, elementBytes)
            + rule.bytes(Math.max(capacity, rule.next(given)), size, elementBytes);
  }

  /**
   * How a site starts its objects by itself.
   *
   * @param lazy whether there is no array before something is put in
   * @param fixed whether its first array is made as it is, for what it holds from the start, and a
   *     longer one can only follow
   */
  public record Start(int capacity, boolean lazy, boolean fixed) {}
}

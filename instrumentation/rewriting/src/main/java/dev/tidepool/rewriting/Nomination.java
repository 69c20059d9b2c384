package dev.tidepool.rewriting;

import java.util.Set;

/**
 * A hint that a method allocates much, or that it calls one that does.
 *
 * @param className with dots
 * @param loader the class's defining loader where known, else null: every loaded class of this name
 *     is meant
 * @param method null for every method of the class
 * @param descriptor null for any
 * @param bytecodeIndex where in the method the allocation, or the call that leads to it, stands; -1
 *     where not known, and then every place of the method is meant
 * @param line of that place; -1 where not known. It still holds when the code was rewritten and the
 *     index does not.
 * @param through classes, with dots, by way of which the bytes came: of objects that grow, only
 *     those of such a class are meant; null where not known
 * @param bytes weight of the hint
 * @param seconds in which these bytes were made; 0 where not known
 * @param share of all bytes that the program allocates (0..1); 1 where not known
 * @param caller whether the method is only named for the objects it makes, not for arrays of its
 *     own
 * @param madeFor whose call most of the bytes were made for, the nearest outside the method's own
 *     library; null where not known
 */
public record Nomination(
    String className,
    ClassLoader loader,
    String method,
    String descriptor,
    int bytecodeIndex,
    int line,
    Set<String> through,
    long bytes,
    double seconds,
    double share,
    boolean caller,
    StackTraceElement madeFor) {

  /** Of the objects that a method makes. */
  public static Nomination ofMaker(Class<?> type, String method, String descriptor) {
    return new Nomination(
        type.getName(),
        type.getClassLoader(),
        method,
        descriptor,
        -1,
        -1,
        null,
        1,
        0,
        1,
        true,
        null);
  }

  /** Of all that a method makes, or of all methods where it is null. */
  public static Nomination of(
      String className, ClassLoader loader, String method, String descriptor) {
    return new Nomination(
        className, loader, method, descriptor, -1, -1, null, 1, 0, 1, false, null);
  }
}

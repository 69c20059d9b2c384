package dev.tidepool.rewriting;

/**
 * A hint that a method allocates much, or that it calls one that does.
 *
 * @param className with dots
 * @param loader the class's defining loader where known, else null: every loaded class of this name
 *     is meant
 * @param bytecodeIndex where in the method the allocation, or the call that leads to it, stands; -1
 *     where not known
 * @param bytes weight of the hint
 * @param caller whether the method is only named for the objects it makes, not for arrays of its
 *     own
 */
public record Nomination(
    String className,
    ClassLoader loader,
    String method,
    String descriptor,
    int bytecodeIndex,
    long bytes,
    boolean caller) {

  /** Of a method that allocates. */
  public Nomination(
      String className,
      ClassLoader loader,
      String method,
      String descriptor,
      int bytecodeIndex,
      long bytes) {
    this(className, loader, method, descriptor, bytecodeIndex, bytes, false);
  }
}

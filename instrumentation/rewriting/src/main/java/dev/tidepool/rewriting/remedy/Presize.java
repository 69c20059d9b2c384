package dev.tidepool.rewriting.remedy;

/**
 * A growing object starts at the capacity that its site has learned. The site is the call of the
 * constructor.
 *
 * @param className of the object, internal
 * @param given the capacity that the code says, or that the constructor without arguments takes
 * @param acts false where the objects are only looked at and start as they did
 */
public record Presize(String className, int given, boolean acts) implements Remedy {
  public static final String NAME = "Presize";

  @Override
  public String name() {
    return NAME;
  }
}

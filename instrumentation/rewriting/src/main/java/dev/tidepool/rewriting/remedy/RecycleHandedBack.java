package dev.tidepool.rewriting.remedy;

/**
 * The array that a library hands back, to a method that throws it away, goes to the pool there. The
 * site is the method's only instruction, its return.
 */
public record RecycleHandedBack() implements Remedy {
  public static final String NAME = "RecycleHandedBack";

  @Override
  public String name() {
    return NAME;
  }
}

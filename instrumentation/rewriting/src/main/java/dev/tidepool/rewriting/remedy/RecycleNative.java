package dev.tidepool.rewriting.remedy;

/**
 * The state that zlib has for a Deflater or an Inflater is reset and kept where the JDK frees it,
 * and used again where it makes one with the same parameters. Until then the JDK has it: after that
 * moment nobody can reach it. Where parameters change on the way the state is freed.
 */
public record RecycleNative(NativeStep step) implements Remedy {
  @Override
  public String name() {
    return "RecycleNative";
  }
}

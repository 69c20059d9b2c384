package dev.tidepool.rewriting.remedy;

/**
 * Memory of direct buffers is kept where the JDK frees it and used again where it asks for some;
 * both in {@code java.nio}, no other user of Unsafe is touched. Before it becomes a buffer the JDK
 * clears it, as it does all memory.
 */
public record RecycleDirect(NativeStep step) implements Remedy {
  @Override
  public String name() {
    return "RecycleDirect";
  }
}

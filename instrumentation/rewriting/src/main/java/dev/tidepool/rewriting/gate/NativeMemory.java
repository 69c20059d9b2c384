package dev.tidepool.rewriting.gate;

/**
 * One sort of native memory that is recycled.
 *
 * <p>All but {@link #free} and {@link #trim} run where the JDK makes and frees the memory, the
 * thread that handles references among them: nothing there may wait or load a class.
 */
public sealed interface NativeMemory permits DirectMemory, ZipState {

  /** How much one piece of this kind takes, at most. */
  long bytes(long kind);

  /** A piece was made anew, or became of another kind (-1: of none that is known). */
  void becomes(long address, long kind);

  /**
   * The kind under which the piece is to be kept, made as good as new; -1 where it is to be freed.
   *
   * @param kind what the code that frees it knows
   */
  long prepare(long address, long kind);

  /** A piece was asked for; whether one could be had from those kept. */
  void taken(long kind, boolean kept);

  /**
   * How many bytes may be kept besides what is in use.
   *
   * @param returning bytes of a piece that is about to be kept, which may still count as in use
   */
  long room(long returning);

  /** Whoever prepared a piece did not keep it: it is about to be freed. */
  void forget(long address);

  /** Once a second. */
  void trim(long now);

  /** Frees a piece that was kept. */
  void free(long address);
}

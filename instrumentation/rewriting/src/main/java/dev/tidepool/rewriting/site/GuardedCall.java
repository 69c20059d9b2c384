package dev.tidepool.rewriting.site;

/**
 * A call in the site's own method that is safe only for objects that are proven not to keep the
 * buffer. One of its operands is asked about; where the answer is no, the buffer is dropped to the
 * collector instead of released.
 *
 * @param ordinal the invoke instruction: its index among the method's real instructions, labels,
 *     lines and frames not counted
 * @param operand which operand is asked about, as they lie on the stack: for an instance call 0 is
 *     the receiver and 1 the first argument, for a static call 0 is the first argument
 * @param guard id under which the table of guards knows the call
 * @param result whether it is asked about what the call returns, before the call and after it; else
 *     about what the call is handed, before
 */
public record GuardedCall(int ordinal, int operand, int guard, boolean result) {

  /** Of a buffer that the call is handed. */
  public GuardedCall(int ordinal, int operand, int guard) {
    this(ordinal, operand, guard, false);
  }
}

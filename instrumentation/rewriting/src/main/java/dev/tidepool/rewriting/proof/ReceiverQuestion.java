package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.TypeRef;
import java.util.Map;

/**
 * What a guard asks about the class of an object: when this method is called on it, are the
 * operands in the mask given back untouched by anybody else once the call has ended? Or, where the
 * mask is empty: is the array that it returns made for the caller, and nobody else has it?
 *
 * @param returning whether the result may be, or lead to, one of these operands
 * @param onThrow whether they may be kept where the call throws
 * @param operands bit set of the call's operands that carry the buffer, the receiver as bit 0
 * @param exact certain classes of such operands, but for the receiver's: it is asked for it
 * @param arrayOnly whether the buffer is an array that goes back by itself; else it may be an owner
 *     whose fields are read for what goes back, and nothing may be put there
 */
record ReceiverQuestion(
    String name,
    String descriptor,
    int operands,
    boolean returning,
    boolean onThrow,
    Map<Integer, TypeRef> exact,
    boolean arrayOnly) {
  ReceiverQuestion(
      String name,
      String descriptor,
      int operands,
      boolean returning,
      boolean onThrow,
      Map<Integer, TypeRef> exact) {
    this(name, descriptor, operands, returning, onThrow, exact, false);
  }

  /** Where the result may lead to the operands too, and what is thrown leaves the method. */
  ReceiverQuestion(String name, String descriptor, int operands) {
    this(name, descriptor, operands, true, true, Map.of());
  }

  /** Whether nobody else has what the method returns. */
  static ReceiverQuestion ofResult(String name, String descriptor) {
    return new ReceiverQuestion(name, descriptor, 0, false, true, Map.of(), true);
  }

  boolean isOfResult() {
    return operands == 0;
  }

  /** The same where the method goes on although the call has thrown. */
  ReceiverQuestion evenOnThrow() {
    // a call that throws returns nothing
    return isOfResult()
        ? this
        : new ReceiverQuestion(name, descriptor, operands, returning, false, exact, arrayOnly);
  }

  /** The same where no fields of an owner are read for what goes back. */
  ReceiverQuestion ofArrayOnly() {
    return new ReceiverQuestion(name, descriptor, operands, returning, onThrow, exact, true);
  }
}

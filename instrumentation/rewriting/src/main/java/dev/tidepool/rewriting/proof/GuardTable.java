package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.Set;
import java.util.function.Consumer;

/** Receivers that are proven not to keep the buffer they are handed. */
public final class GuardTable {
  /**
   * @param opener makes the package of a class open to this module, so that its fields can be read
   * @param restsOn told what a judgement rests on before it takes effect; whoever watches class
   *     loading then calls {@link #invalidate} in time
   */
  public GuardTable(Consumer<Class<?>> opener, Consumer<Set<Dependency>> restsOn) {}

  /**
   * Whether the object may be handed the buffer. Any thread; never throws. A class not judged yet
   * is a no, and is queued.
   */
  public boolean allows(Object operand, int guard) {
    return false;
  }

  /** Judges queued classes; true if there were any. Analysis thread only. */
  public boolean decidePending(EscapeProof proof) {
    return false;
  }

  /**
   * Withdraws each judgement that rests on this class or on what is loaded below it.
   *
   * @return the guards that may have said yes because of it: sites that use them must drop what
   *     they hold now
   */
  public Set<Integer> invalidate(TypeRef type) {
    return Set.of();
  }
}

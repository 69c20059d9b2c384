package dev.tidepool.rewriting.gate;

/** Whether a receiver is proven not to keep what it is handed; the table of guards is one. */
@FunctionalInterface
public interface ReceiverCheck {
  /** Called on hot paths by any thread; must not throw and must not call rewritten code. */
  boolean allows(Object receiver, int guard);
}

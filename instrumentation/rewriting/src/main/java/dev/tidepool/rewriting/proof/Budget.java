package dev.tidepool.rewriting.proof;

import java.time.Duration;

/** What one proof may cost: time, methods looked into, depth of calls. */
final class Budget {
  private static final int MOST_METHODS = 4_000;
  private static final int DEEPEST = 64;
  static final int LARGEST_METHOD = 12_000;

  /** Thrown where the budget is spent; caught where the proof began. */
  static final class Spent extends RuntimeException {
    private static final long serialVersionUID = 1;

    Spent(String what) {
      super(what, null, false, false);
    }
  }

  private final Duration time;
  private long deadline;
  private int methods;

  Budget(Duration time) {
    this.time = time;
  }

  void begin() {
    deadline = System.nanoTime() + time.toNanos();
    methods = 0;
  }

  void enterMethod(int depth) {
    if (++methods > MOST_METHODS || depth > DEEPEST) {
      throw new Spent("its calls reach too far");
    }
    check();
  }

  void check() {
    if (System.nanoTime() - deadline > 0) {
      throw new Spent("its proof takes more than " + time.toMillis() + " ms");
    }
  }
}

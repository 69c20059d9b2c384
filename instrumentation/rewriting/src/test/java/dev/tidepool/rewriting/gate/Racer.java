package dev.tidepool.rewriting.gate;

import java.util.Collection;

/** A thread of a race, whose failure is kept for the test to see. */
final class Racer {
  private Racer() {}

  interface Work {
    void run() throws Exception;
  }

  static Thread start(Collection<? super Throwable> failed, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Throwable wrong) {
                failed.add(wrong);
              }
            });
    thread.start();
    return thread;
  }
}

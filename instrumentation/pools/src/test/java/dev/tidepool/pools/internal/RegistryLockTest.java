package dev.tidepool.pools.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RegistryLockTest {
  private final RegistryLock lock = new RegistryLock();
  private final AtomicInteger entries = new AtomicInteger();

  private void visit() {
    lock.ifFree(Thread.currentThread(), thread -> entries.incrementAndGet());
  }

  private void elsewhere(Runnable work) throws InterruptedException {
    Thread thread = new Thread(work);
    thread.start();
    thread.join();
  }

  @Test
  void onlyOneIsInside() throws InterruptedException {
    int[] plain = {0};
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          new Thread(
              () -> {
                for (int n = 0; n < 10_000; n++) {
                  lock.lock();
                  plain[0]++;
                  lock.unlock();
                }
              });
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(plain[0]).isEqualTo(40_000);
  }

  @Test
  void whoeverDoesNotWaitIsTurnedAwayWhileAnotherIsInside() throws InterruptedException {
    lock.lock();
    elsewhere(this::visit);
    visit();
    assertThat(entries).hasValue(0);
    lock.unlock();
    elsewhere(this::visit);
    assertThat(entries).hasValue(1);
  }

  @Test
  void itsHolderMayTakeItAgain() throws InterruptedException {
    lock.lock();
    lock.lock();
    lock.unlock();
    elsewhere(this::visit);
    assertThat(entries).hasValue(0);
    lock.unlock();
    elsewhere(this::visit);
    assertThat(entries).hasValue(1);
  }

  @Test
  void whatFailsInsideLetsItGo() throws InterruptedException {
    Thread here = Thread.currentThread();
    assertThatThrownBy(
            () ->
                lock.ifFree(
                    here,
                    thread -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);
    elsewhere(this::visit);
    assertThat(entries).hasValue(1);
  }

  @Test
  void aThreadThatEndedWithItDoesNotKeepItForEver() throws InterruptedException {
    elsewhere(
        () -> {
          lock.lock();
          lock.lock(); // twice, and never let go
        });
    lock.lock();
    lock.unlock();
    elsewhere(this::visit);
    assertThat(entries).hasValue(1);
  }
}

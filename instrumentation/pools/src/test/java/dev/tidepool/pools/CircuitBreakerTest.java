package dev.tidepool.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // about to wrap, as it may
  private final CircuitBreaker breaker = new CircuitBreaker(3, Duration.ofNanos(100), clock::get);

  @Test
  void opensAtTheThresholdOfFailuresInARow() {
    breaker.failed();
    breaker.failed();
    breaker.succeeded();
    breaker.failed();
    breaker.failed();
    assertThat(breaker.allows()).isTrue();
    assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
    breaker.failed();
    assertThat(breaker.allows()).isFalse();
    assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.OPEN);
    assertThat(breaker.openings()).isEqualTo(1);
  }

  @Test
  void afterTheRecoveryTimeOneCallerTriesAndItsSuccessCloses() {
    breaker.trip();
    clock.addAndGet(99);
    assertThat(breaker.allows()).isFalse();
    clock.addAndGet(1);
    assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.HALF_OPEN);
    assertThat(breaker.allows()).isTrue();
    assertThat(breaker.allows()).isFalse();
    breaker.succeeded();
    assertThat(breaker.state()).isEqualTo(CircuitBreaker.State.CLOSED);
    breaker.failed();
    breaker.failed();
    assertThat(breaker.allows()).isTrue();
  }

  @Test
  void aFailedTrialOpensAgainForAWholeRecoveryTime() {
    breaker.trip();
    clock.addAndGet(150);
    assertThat(breaker.allows()).isTrue();
    breaker.failed();
    clock.addAndGet(99);
    assertThat(breaker.allows()).isFalse();
    clock.addAndGet(1);
    assertThat(breaker.allows()).isTrue();
    assertThat(breaker.openings()).isEqualTo(2);
  }

  @Test
  void aTrialNobodyReportsIsLostAfterARecoveryTime() {
    breaker.trip();
    clock.addAndGet(100);
    assertThat(breaker.allows()).isTrue();
    clock.addAndGet(100);
    assertThat(breaker.allows()).isTrue();
    assertThat(breaker.allows()).isFalse();
  }

  @Test
  void resetClosesAtOnce() {
    breaker.trip();
    breaker.reset();
    assertThat(breaker.allows()).isTrue();
  }

  @Test
  void ofManyCallersOnlyOneGetsTheTrial() throws InterruptedException {
    for (int round = 0; round < 200; round++) {
      breaker.trip();
      clock.addAndGet(100);
      AtomicInteger passed = new AtomicInteger();
      CountDownLatch go = new CountDownLatch(1);
      Thread[] threads = new Thread[4];
      for (int i = 0; i < threads.length; i++) {
        threads[i] =
            new Thread(
                () -> {
                  awaitQuietly(go);
                  if (breaker.allows()) {
                    passed.incrementAndGet();
                  }
                });
        threads[i].start();
      }
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(passed).hasValue(1);
      breaker.succeeded();
    }
  }

  @Test
  void aThresholdBelowOneIsRefused() {
    assertThatThrownBy(() -> new CircuitBreaker(0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.tidepool.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class DoorsTest {
  @Test
  void whoWaitsLeavesTheOperatingSystemWhenTheVirtualMachineEndsAndCanStillBeWoken()
      throws Exception {
    try (Doors doors = new Doors((what, fault) -> {})) {
      Thread waiting = new Thread(() -> await(doors));
      waiting.start();
      until("waits inside the operating system", () -> isSelecting(waiting));
      doors.lookOnly();
      // the first wait was ended by that
      waiting.join(10_000);
      assertThat(waiting.isAlive()).isFalse();
      Thread again = new Thread(() -> await(doors));
      again.start();
      until("waits in Java", () -> again.getState() == Thread.State.TIMED_WAITING);
      doors.wake();
      again.join(10_000);
      assertThat(again.isAlive()).isFalse();
    }
  }

  private static void await(Doors doors) {
    try {
      doors.await(60_000);
    } catch (IOException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  private static boolean isSelecting(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.isNativeMethod() && frame.getClassName().startsWith("sun.nio.ch"));
  }

  private static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(1);
    }
  }
}

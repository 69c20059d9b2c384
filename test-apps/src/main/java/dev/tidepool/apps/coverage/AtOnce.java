package dev.tidepool.apps.coverage;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does two things at the same time. */
final class AtOnce implements AutoCloseable {
  private final ExecutorService other = Executors.newSingleThreadExecutor();

  /** What came of the two. */
  record Two<T>(T first, T second) {}

  /** Both, the first in a thread of its own. */
  <T> Two<T> run(Callable<T> first, Callable<T> second) throws IOException, InterruptedException {
    Future<T> there = other.submit(first);
    T here = await(second);
    return new Two<>(await(there::get), here);
  }

  private static <T> T await(Callable<T> task) throws IOException, InterruptedException {
    try {
      return task.call();
    } catch (IOException | InterruptedException thrown) {
      throw thrown;
    } catch (ExecutionException thrown) {
      throw new IOException(thrown.getCause());
    } catch (Exception thrown) {
      throw new IOException(thrown);
    }
  }

  @Override
  public void close() {
    other.shutdownNow();
  }
}

package dev.tidepool.apps.load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How a site came to be active under load, or did not.
 *
 * @param reached whether it did before patience ended
 * @param seconds from the first load until then
 * @param sites as they were last seen
 */
public record Activation(boolean reached, double seconds, List<Site> sites) {

  /** Some more load on the program; returns when it is done. */
  @FunctionalInterface
  public interface Load {
    /** About a second of it: what is waited for is looked at meanwhile. */
    void run() throws IOException, InterruptedException;
  }

  /**
   * Keeps a program busy until the buffers of a site come from the pool.
   *
   * @param place of the site, as {@code TwentyMegabyteJob.operate}; any where it is empty
   * @param most after which it is given up
   */
  public static Activation await(Load load, SitesPage page, String place, Duration most)
      throws IOException, InterruptedException, ExecutionException {
    ExecutorService background = Executors.newSingleThreadExecutor();
    try {
      long begin = System.nanoTime();
      Future<Activation> seen =
          background.submit(
              () -> {
                List<Site> sites = page.await(all -> activeIn(all, place), most);
                double seconds = (System.nanoTime() - begin) / 1e9;
                return new Activation(activeIn(sites, place), seconds, sites);
              });
      while (!seen.isDone()) {
        load.run();
      }
      return seen.get();
    } finally {
      background.shutdownNow();
    }
  }

  private static boolean activeIn(List<Site> sites, String place) {
    return sites.stream().anyMatch(site -> site.active() && site.place().contains(place));
  }
}

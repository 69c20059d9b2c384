package dev.tidepool.apps.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Looks at the sites of a running agent through its HTTP page. */
public final class SitesPage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration GLANCE = Duration.ofMillis(200);

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  /** For an agent that is started with {@link #setting}. */
  public SitesPage() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  /** Value of the agent's key {@code http}. */
  public String setting() {
    return "127.0.0.1:" + port;
  }

  /** The sites now; none while the agent does not answer yet. */
  public List<Site> now() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + setting() + "/api/sites"))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
      return response.statusCode() == 200 ? Site.of(JSON.readTree(response.body())) : List.of();
    } catch (java.net.ConnectException e) {
      return List.of();
    }
  }

  /**
   * Waits until the sites are as wanted, or for a time.
   *
   * @return the sites as last seen, wanted or not
   */
  public List<Site> await(Predicate<List<Site>> wanted, Duration most)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    List<Site> sites = now();
    while (!wanted.test(sites) && System.nanoTime() < end) {
      Thread.sleep(GLANCE.toMillis());
      sites = now();
    }
    return sites;
  }
}

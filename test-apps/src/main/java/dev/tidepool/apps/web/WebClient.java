package dev.tidepool.apps.web;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Posts a packed body of 2 to 20 KB to {@link WebServer} and unpacks what comes back. */
public final class WebClient implements App {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;

  public WebClient(int port) {
    server = URI.create("http://127.0.0.1:" + port + "/");
  }

  @Override
  public long operate(long seed) throws IOException, InterruptedException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      String text = Material.text(seed, 2_000 + (int) (seed % 10) * 2_000);
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    HttpRequest request =
        HttpRequest.newBuilder(server)
            .timeout(PATIENCE)
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(packed.toByteArray()))
            .build();
    HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
    byte[] body = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    return new Fold().add(response.statusCode()).add(body).value();
  }
}

package dev.tidepool.apps.tomcat;

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

/** Asks {@link TomcatServer} one of six things, chosen by the seed. */
public final class TomcatClient implements App {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;

  public TomcatClient(int port) {
    server = URI.create("http://127.0.0.1:" + port + "/");
  }

  @Override
  public long operate(long seed) throws IOException, InterruptedException {
    HttpRequest request =
        switch ((int) (seed % 6)) {
          case 0 -> get("data.bin").build();
          case 1 -> get("data.bin").header("Range", range(seed)).build();
          case 2 -> get("data.bin").header("Range", range(seed) + ",1000-90000").build();
          case 3 -> get("text.txt").header("Accept-Encoding", "gzip").build();
          case 4 -> upload(seed);
          default -> form(seed);
        };
    HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
    byte[] body = response.body();
    if (response.headers().firstValue("Content-Encoding").isPresent()) {
      body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
    }
    return new Fold().add(response.statusCode()).add(body).value();
  }

  private HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(server.resolve(path)).timeout(PATIENCE);
  }

  private static String range(long seed) {
    long from = 200_000 + (Fold.mix(seed) & 0xFFFF);
    return "bytes=" + from + "-" + (from + 250_000);
  }

  private HttpRequest upload(long seed) throws IOException {
    String boundary = "tidepool-" + seed;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int part = 0; part < 2; part++) {
      String head =
          "--"
              + boundary
              + "\r\nContent-Disposition: form-data; name=\"part"
              + part
              + "\"; filename=\"p.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n";
      body.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      body.writeBytes(Material.noise(seed + part, 60_000));
      body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return get("intake")
        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
        .POST(BodyPublishers.ofByteArray(body.toByteArray()))
        .build();
  }

  /** A body of unknown length goes out chunked. */
  private HttpRequest form(long seed) {
    String fields = "a=" + Material.text(seed, 30_000).replace(' ', '+').replace('\n', '+');
    byte[] body = (fields + "&b=" + seed).getBytes(StandardCharsets.US_ASCII);
    return get("intake")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
        .build();
  }
}

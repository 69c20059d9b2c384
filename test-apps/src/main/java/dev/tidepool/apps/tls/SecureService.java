package dev.tidepool.apps.tls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import dev.tidepool.apps.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * HTTPS of the JDK: {@code HttpsServer} (SSLEngine) answers what {@code HttpsURLConnection} (
 * SSLSocket) posts over kept connections.
 */
public final class SecureService implements App {
  private static final int THREADS = 4;
  private static final int PATIENCE_MILLIS = 20_000;

  static {
    Server.sendAtOnce();
  }

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  /** One for all: connections are kept by the factory that made them. */
  private final SSLSocketFactory sockets;

  private final URI address;

  public SecureService(Path work) throws IOException, GeneralSecurityException {
    SSLContext context = KeyPairOnDisk.context(work);
    sockets = context.getSocketFactory();
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(threads);
    server.createContext("/", SecureService::answer);
    server.start();
    address = URI.create("https://localhost:" + server.getAddress().getPort() + "/");
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readAllBytes();
    }
    byte[] answer = Material.noise(new Fold().add(body).value(), 2 * body.length);
    exchange.sendResponseHeaders(200, answer.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(answer);
    }
  }

  @Override
  public long operate(long seed) throws IOException {
    HttpsURLConnection connection = (HttpsURLConnection) address.toURL().openConnection();
    connection.setSSLSocketFactory(sockets);
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(Material.noise(seed, 20_000));
    }
    try (InputStream in = connection.getInputStream()) {
      return new Fold().add(connection.getResponseCode()).add(in.readAllBytes()).value();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

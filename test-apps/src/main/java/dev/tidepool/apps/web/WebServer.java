package dev.tidepool.apps.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import dev.tidepool.apps.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Takes packed bodies and answers with a text made from each, packed. */
public final class WebServer implements Server {
  private static final int THREADS = 4;

  static {
    Server.sendAtOnce();
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  public WebServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", WebServer::answer);
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    byte[] body;
    try (InputStream in = new GZIPInputStream(exchange.getRequestBody())) {
      body = in.readAllBytes();
    }
    long sum = new Fold().add(body).value();
    String text = sum + "\n" + Material.text(sum, body.length);
    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

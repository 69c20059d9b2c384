package dev.tidepool.apps.tomcat;

import dev.tidepool.apps.Material;
import dev.tidepool.apps.Server;
import jakarta.servlet.MultipartConfigElement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;

/**
 * Tomcat as an installation with {@code sendfile} off runs it: the default servlet over a folder,
 * gzip for text, one servlet that takes uploads and forms.
 */
public final class TomcatServer implements Server {
  static final int FILE_BYTES = 1_500_000;
  static final int TEXT_BYTES = 120_000;

  // the logger's level lives as long as somebody holds the logger
  private static final Logger QUIET = Logger.getLogger("org.apache");

  private final Tomcat tomcat = new Tomcat();
  private final Connector connector;

  public TomcatServer(Path work) throws IOException, LifecycleException {
    QUIET.setLevel(Level.WARNING);
    Path root = Files.createDirectories(work.resolve("webapp"));
    Files.write(root.resolve("data.bin"), Material.noise(7, FILE_BYTES));
    Files.writeString(
        root.resolve("text.txt"), Material.text(7, TEXT_BYTES), StandardCharsets.US_ASCII);
    tomcat.setBaseDir(work.toString());
    connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
    connector.setPort(0);
    set("address", "127.0.0.1");
    set("useSendfile", "false");
    set("compression", "on");
    set("compressibleMimeType", "text/plain");
    tomcat.setConnector(connector);
    addServlets(tomcat.addContext("", root.toString()), work);
    tomcat.start();
  }

  private void set(String property, String value) {
    if (!connector.setProperty(property, value)) {
      throw new IllegalStateException("Tomcat knows no connector property " + property);
    }
  }

  private static void addServlets(Context context, Path work) throws IOException {
    context.addMimeMapping("txt", "text/plain");
    var files = Tomcat.addServlet(context, "default", new DefaultServlet());
    files.addInitParameter("sendfileSize", "-1");
    files.addInitParameter("input", "65536");
    files.addInitParameter("output", "65536");
    context.addServletMappingDecoded("/", "default");
    var uploads = Tomcat.addServlet(context, "intake", new IntakeServlet());
    Path parts = Files.createDirectories(work.resolve("parts"));
    // parts over 10 KB go to a file, as in Tomcat's own examples
    uploads.setMultipartConfigElement(
        new MultipartConfigElement(parts.toString(), -1, -1, 10 * 1024));
    context.addServletMappingDecoded("/intake", "intake");
  }

  @Override
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IOException("Tomcat did not stop", e);
    }
  }
}

package dev.tidepool.apps;

import dev.tidepool.apps.archives.Archives;
import dev.tidepool.apps.csv.Exports;
import dev.tidepool.apps.database.Database;
import dev.tidepool.apps.documents.Documents;
import dev.tidepool.apps.images.Pictures;
import dev.tidepool.apps.jdk.JdkWorker;
import dev.tidepool.apps.json.JsonService;
import dev.tidepool.apps.mail.Letters;
import dev.tidepool.apps.office.Office;
import dev.tidepool.apps.search.SearchService;
import dev.tidepool.apps.synthetic.Buffers;
import dev.tidepool.apps.synthetic.CopyService;
import dev.tidepool.apps.synthetic.TwentyMegabyteJob;
import dev.tidepool.apps.templates.Pages;
import dev.tidepool.apps.tls.SecureService;
import dev.tidepool.apps.tomcat.TomcatClient;
import dev.tidepool.apps.tomcat.TomcatServer;
import dev.tidepool.apps.transform.Transforms;
import dev.tidepool.apps.web.WebClient;
import dev.tidepool.apps.web.WebServer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Every application by name. A new one is one more constant here. */
@SuppressWarnings("ImmutableEnumChecker") // constructor references hold nothing that changes
public enum Catalogue {
  TOMCAT(
      "embedded Tomcat: files, ranges, gzip, multipart upload, chunked form post",
      Role.LIBRARY,
      (work, port) -> new TomcatClient(port),
      TomcatServer::new),
  DOCUMENTS(
      "PDFBox: make, save and read a document", Role.LIBRARY, (work, port) -> new Documents(work)),
  ARCHIVES(
      "Commons Compress: zip, tar.gz and 7z round trips",
      Role.LIBRARY,
      (work, port) -> new Archives()),
  JDK(
      "JDK only: zip, Base64, transferTo, digests, Files.mismatch, sorting",
      Role.LIBRARY,
      (work, port) -> new JdkWorker(work)),
  JSON("Jackson service that must not change", Role.CONTROL, (work, port) -> new JsonService()),
  PICTURES(
      "Thumbnailator and ImageIO: decode, scale, encode",
      Role.BREADTH,
      (work, port) -> new Pictures()),
  OFFICE(
      "POI: make, save and read workbooks and letters", Role.BREADTH, (work, port) -> new Office()),
  SEARCH(
      "Lucene: ask an index on disk, make small ones in memory",
      Role.BREADTH,
      (work, port) -> new SearchService(work)),
  TRANSFORM("Saxon: XML to HTML", Role.BREADTH, (work, port) -> new Transforms()),
  TLS(
      "HTTPS of the JDK over loopback, both ends",
      Role.BREADTH,
      (work, port) -> new SecureService(work)),
  DATABASE(
      "H2: rows with texts and binaries in a file",
      Role.BREADTH,
      (work, port) -> new Database(work)),
  TEMPLATES("FreeMarker: pages as text and bytes", Role.BREADTH, (work, port) -> new Pages()),
  MAIL(
      "Angus Mail: letters with attachments, written and read",
      Role.BREADTH,
      (work, port) -> new Letters()),
  CSV(
      "Commons CSV and Jackson: tables packed with gzip",
      Role.BREADTH,
      (work, port) -> new Exports()),
  WEB(
      "HTTP server of the JDK: gzip bodies both ways",
      Role.BREADTH,
      (work, port) -> new WebClient(port),
      work -> new WebServer()),
  JOB20(
      "a job with a fresh 20 MB buffer each time",
      Role.SYNTHETIC,
      (work, port) -> new TwentyMegabyteJob()),
  GROW(
      "a ByteArrayOutputStream filled with 300 KB and turned into an array",
      Role.SYNTHETIC,
      (work, port) -> Buffers.growing()),
  GZIP("GZIP of bodies of half a kilobyte", Role.SYNTHETIC, (work, port) -> Buffers.smallGzip()),
  DIRECT(
      "a direct buffer of 1 MB filled and dropped",
      Role.SYNTHETIC,
      (work, port) -> Buffers.direct()),
  COPY(
      "a service whose handlers copy through 64 KB buffers",
      Role.SYNTHETIC,
      (work, port) -> new CopyService());

  /** What an application is there to show. */
  public enum Role {
    /** real code in which sites are to be found */
    LIBRARY,
    /** more real code, that shows how far the remedies reach */
    BREADTH,
    /** real code that gives the agent nothing to do */
    CONTROL,
    /** made for one figure */
    SYNTHETIC
  }

  /** Makes the side that does operations. */
  @FunctionalInterface
  public interface Opener {
    /**
     * Opens it, ready for operations.
     *
     * @param work an empty folder of its own
     * @param port of the server, or 0 where there is none
     */
    App open(Path work, int port) throws Exception;
  }

  /** Makes the side that serves. */
  @FunctionalInterface
  public interface ServerOpener {
    /**
     * Starts it, listening.
     *
     * @param work an empty folder of its own
     */
    Server open(Path work) throws Exception;
  }

  private final String about;
  private final Role role;
  private final Opener opener;
  private final ServerOpener server;

  Catalogue(String about, Role role, Opener opener) {
    this(about, role, opener, null);
  }

  Catalogue(String about, Role role, Opener opener, ServerOpener server) {
    this.about = about;
    this.role = role;
    this.opener = opener;
    this.server = server;
  }

  /** Name in commands and tables. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** One line for people. */
  public String about() {
    return about;
  }

  public Role role() {
    return role;
  }

  /** How many threads do operations: one where the program is a job after job. */
  public int threads() {
    return this == JOB20 || this == DIRECT ? 1 : 2;
  }

  public Opener opener() {
    return opener;
  }

  /** Present where operations are requests to another process. */
  public Optional<ServerOpener> server() {
    return Optional.ofNullable(server);
  }

  /**
   * Finds one by its {@link #id}.
   *
   * @throws IllegalArgumentException for an unknown name; the message lists the known ones
   */
  public static Catalogue of(String id) {
    for (Catalogue app : values()) {
      if (app.id().equals(id)) {
        return app;
      }
    }
    throw new IllegalArgumentException(
        "no application '" + id + "'; known: " + java.util.Arrays.toString(values()));
  }
}

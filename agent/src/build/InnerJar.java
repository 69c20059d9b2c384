import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Second step of packaging: from the flat, relocated jar to the one a user gets.
 *
 * <p>Only the boot package stays where class loaders look for classes; all else moves under a
 * folder, its classes renamed, so that neither the application's loaders nor its scanners see a
 * class of ours. Entries are sorted and carry one time: the same input gives the same bytes. Ends
 * with status 1 when the result breaks a promise made about it.
 */
public class InnerJar {
  private static final String BOOT = "dev/tidepool/agent/boot/";
  private static final String INNER = "dev/tidepool/inner/";
  private static final Pattern LICENCE = Pattern.compile("META-INF/[^/]*(LICENSE|NOTICE)[^/]*");

  public static void main(String[] args) throws IOException {
    Path flat = Path.of(args[0]);
    Path out = Path.of(args[1]);
    long maxBytes = Long.parseLong(args[2]);
    String version = args[3];
    LocalDateTime time = LocalDateTime.ofInstant(Instant.parse(args[4]), ZoneOffset.UTC);

    List<String> faults = new ArrayList<>();
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipFile zip = new ZipFile(flat.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (!entry.isDirectory()) {
          try (InputStream in = zip.getInputStream(entry)) {
            place(entry.getName(), in.readAllBytes(), entries, faults);
          }
        }
      }
    }
    Licenses.collect(Path.of(args[5]), args[6], entries, faults);
    entries.put(INNER + "version", version.getBytes(StandardCharsets.UTF_8));
    write(out, manifest(version), entries, time);

    long size = Files.size(out);
    if (size > maxBytes) {
      faults.add(out.getFileName() + " has " + size + " bytes, allowed are " + maxBytes);
    }
    if (!faults.isEmpty()) {
      faults.forEach(System.err::println);
      Files.delete(out);
      System.exit(1);
    }
  }

  private static void place(
      String name, byte[] content, Map<String, byte[]> entries, List<String> faults) {
    if (LICENCE.matcher(name).matches()) {
      return; // gathered by library
    }
    if (name.endsWith(".class") && !name.startsWith("dev/tidepool/")) {
      faults.add("class outside dev/tidepool, relocate its package in agent/pom.xml: " + name);
    } else if (name.startsWith(BOOT)) {
      entries.put(name, content);
    } else {
      entries.put(INNER + name.replaceFirst("\\.class$", ".classdata"), content);
    }
  }

  private static byte[] manifest(String version) {
    String text =
        """
        Manifest-Version: 1.0
        Premain-Class: dev.tidepool.agent.boot.Premain
        Agent-Class: dev.tidepool.agent.boot.Premain
        Main-Class: dev.tidepool.agent.boot.Main
        Can-Redefine-Classes: true
        Can-Retransform-Classes: true
        Implementation-Title: Tidepool
        Implementation-Version: %s

        """
            .formatted(version);
    return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void write(
      Path out, byte[] manifest, Map<String, byte[]> entries, LocalDateTime time)
      throws IOException {
    try (OutputStream file = Files.newOutputStream(out);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.setLevel(9);
      put(zip, "META-INF/MANIFEST.MF", manifest, time);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        put(zip, entry.getKey(), entry.getValue(), time);
      }
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content, LocalDateTime time)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(time);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}

/** The licence texts of what is packed, under META-INF/licenses, one folder for each library. */
class Licenses {
  private static final String PLACE = "META-INF/licenses/";
  private static final Pattern IN_A_JAR =
      Pattern.compile("META-INF/[^/]*(LICENSE|NOTICE|COPYING)[^/]*", Pattern.CASE_INSENSITIVE);
  private static final Pattern JAR = Pattern.compile("(.+?)-[0-9][^/]*\\.jar");

  private Licenses() {}

  /**
   * Takes the texts out of every library's jar; those whose jar has none are in a folder, named
   * after the artifact. A library with neither is a fault, and so is a text that nothing needs.
   */
  static void collect(
      Path folder, String classPath, Map<String, byte[]> entries, List<String> faults)
      throws IOException {
    Map<String, Path> given = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> given.put(file.getFileName().toString().replace(".txt", ""), file));
    }
    for (String place : classPath.split(File.pathSeparator)) {
      Matcher jar = JAR.matcher(Path.of(place).getFileName().toString());
      if (!jar.matches() || jar.group(1).startsWith("tidepool-")) {
        continue;
      }
      String library = jar.group(1);
      Path own = given.remove(library);
      boolean has = takeFrom(Path.of(place), PLACE + library + "/", entries);
      if (own != null) {
        entries.put(PLACE + library + "/LICENSE", Files.readAllBytes(own));
      } else if (!has) {
        faults.add("no licence in " + place + ": put its text in " + folder + "/" + library + ".txt");
      }
    }
    given.keySet().forEach(left -> faults.add("licence of a library that is not packed: " + left));
  }

  private static boolean takeFrom(Path jar, String place, Map<String, byte[]> entries)
      throws IOException {
    boolean licence = false;
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        if (IN_A_JAR.matcher(name).matches()) {
          try (InputStream in = zip.getInputStream(entry)) {
            entries.put(place + name.substring("META-INF/".length()), in.readAllBytes());
          }
          licence |= !name.toUpperCase(Locale.ROOT).contains("NOTICE");
        }
      }
    }
    return licence;
  }
}

package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packed again elsewhere, at another time, from entries in another order: the same bytes. */
class ReproducibleJarIT {
  private static final String LICENSES = "META-INF/licenses/";

  @TempDir Path directory;

  @Test
  void theSameInputGivesTheSameJar() throws Exception {
    Path shipped = Path.of(Run.JAR);
    Path flat = reordered(shipped.resolveSibling("tidepool-flat.jar"));
    Path again = directory.resolve("again.jar");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-Duser.timezone=Asia/Tokyo", "-Duser.language=tr"));
    command.add(Path.of("src/build/InnerJar.java").toAbsolutePath().toString());
    command.addAll(List.of(flat.toString(), again.toString(), "8388608"));
    command.addAll(List.of(version(shipped), time(shipped)));
    command.addAll(List.of(Path.of("src/licenses").toAbsolutePath().toString(), packed(shipped)));
    try (Run packing = Run.start(command, Map.of("TZ", "Asia/Tokyo"))) {
      assertThat(packing.status()).as(packing.err()).isZero();
    }
    assertThat(again).hasSameBinaryContentAs(shipped);
  }

  /** The entries in the opposite order, each with the time of now. */
  private Path reordered(Path flat) throws IOException {
    Path other = directory.resolve("flat.jar");
    try (ZipFile from = new ZipFile(flat.toFile());
        OutputStream file = Files.newOutputStream(other);
        ZipOutputStream to = new ZipOutputStream(file)) {
      List<? extends ZipEntry> entries = Collections.list(from.entries());
      for (int i = entries.size() - 1; i >= 0; i--) {
        ZipEntry entry = new ZipEntry(entries.get(i).getName());
        entry.setLastModifiedTime(FileTime.fromMillis(System.currentTimeMillis()));
        to.putNextEntry(entry);
        try (InputStream in = from.getInputStream(entries.get(i))) {
          in.transferTo(to);
        }
        to.closeEntry();
      }
    }
    return other;
  }

  private static String version(Path shipped) throws IOException {
    try (ZipFile zip = new ZipFile(shipped.toFile());
        InputStream in = zip.getInputStream(zip.getEntry("dev/tidepool/inner/version"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String time(Path shipped) throws IOException {
    try (ZipFile zip = new ZipFile(shipped.toFile())) {
      return zip.entries().nextElement().getTimeLocal().toInstant(ZoneOffset.UTC).toString();
    }
  }

  /** The libraries in the jar, out of those that the tests have besides. */
  private static String packed(Path shipped) throws IOException {
    try (ZipFile zip = new ZipFile(shipped.toFile())) {
      Set<String> libraries =
          zip.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.startsWith(LICENSES))
              .map(name -> name.substring(LICENSES.length()).split("/", 2)[0])
              .collect(Collectors.toSet());
      return Stream.of(classPath().split(File.pathSeparator, -1))
          .filter(
              place -> {
                String name = Path.of(place).getFileName().toString();
                return libraries.stream().anyMatch(library -> isJarOf(library, name));
              })
          .collect(Collectors.joining(File.pathSeparator));
    }
  }

  private static boolean isJarOf(String library, String file) {
    return file.endsWith(".jar") && file.matches(Pattern.quote(library) + "-[0-9].*");
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}

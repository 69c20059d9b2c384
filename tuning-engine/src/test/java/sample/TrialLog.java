package sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The figures of every trial in one text file, a line each: section, Java version, collector,
 * variant, day, load of the machine when it began, and {@code name=value} pairs. A scenario that is
 * run again replaces its own lines only, so the page can always be written from all of them.
 */
final class TrialLog {
  private static final String HEAD =
      "# section\tjava\tcollector\tvariant\tday\tload\tfigures; written by mvn -Ptuning verify";

  /**
   * One trial.
   *
   * @param variant what sets it apart in its section: {@code with}, {@code without}, a heap size
   * @param load load average of the machine when it began
   */
  record Line(
      String section,
      String java,
      String collector,
      String variant,
      String day,
      double load,
      Map<String, Double> figures) {

    boolean isOf(String otherSection, String otherJava, String otherCollector, String other) {
      return section.equals(otherSection)
          && java.equals(otherJava)
          && collector.equals(otherCollector)
          && variant.equals(other);
    }

    double figure(String name) {
      return figures.getOrDefault(name, Double.NaN);
    }

    boolean finished() {
      return figure("exit") == 0 && figures.containsKey("done");
    }

    private String text() {
      return String.join(
          "\t",
          section,
          java,
          collector,
          variant,
          day,
          String.format(Locale.ROOT, "%.1f", load),
          figures.entrySet().stream()
              .map(e -> e.getKey() + "=" + number(e.getValue()))
              .collect(Collectors.joining(" ")));
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, "%.4f", value).replaceFirst("\\.?0+$", "");
    }

    private static Line parse(String text) {
      String[] parts = text.split("\t", -1);
      Map<String, Double> figures = new TreeMap<>();
      for (String pair : parts[6].split(" ", -1)) {
        String[] halves = pair.split("=", 2);
        figures.put(halves[0], Double.parseDouble(halves[1]));
      }
      double load = Double.parseDouble(parts[5]);
      return new Line(parts[0], parts[1], parts[2], parts[3], parts[4], load, figures);
    }
  }

  private final Path file;
  private final List<Line> lines = new ArrayList<>();

  TrialLog(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      for (String text : Files.readAllLines(file)) {
        if (!text.startsWith("#") && !text.isBlank()) {
          lines.add(Line.parse(text));
        }
      }
    }
  }

  /** Forgets what was measured of this before. */
  synchronized void forget(String section, String java, String collector, String variant) {
    lines.removeIf(line -> line.isOf(section, java, collector, variant));
  }

  /** Adds one and writes the file, so that a run that is broken off keeps what it has. */
  synchronized void add(Line line) throws IOException {
    lines.add(line);
    List<String> text = new ArrayList<>(List.of(HEAD));
    lines.stream().map(Line::text).sorted().forEach(text::add);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, text);
  }

  synchronized List<Line> of(String section) {
    return lines.stream().filter(line -> line.section().equals(section)).toList();
  }
}

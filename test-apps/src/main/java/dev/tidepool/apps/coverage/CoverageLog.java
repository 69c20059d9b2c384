package dev.tidepool.apps.coverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was measured of each application in one text file, a line each, so that one of them can be
 * measured again and the page written from all.
 */
final class CoverageLog {
  private static final String HEAD =
      "# jdk\tapplication\tday\tload\tfigures\tcells; written by mvn -Pcoverage verify";
  private static final String BETWEEN_LEFT = " ;; ";
  private static final int FIXED = 5;

  /**
   * One application on one JDK.
   *
   * @param jdk its version
   * @param app its name in the catalogue
   * @param load load average of the machine when it began; NaN where it is not known
   * @param figures what goals are judged by
   * @param allocation its line in the table of bytes, or its line among the goals
   * @param cost its line in the table of time and memory
   * @param left the hottest sites that are not active
   */
  record Entry(
      String jdk,
      String app,
      String day,
      double load,
      Map<String, Double> figures,
      String allocation,
      String cost,
      List<String> left) {

    double figure(String name) {
      return figures.getOrDefault(name, Double.NaN);
    }

    int feature() {
      return Runtime.Version.parse(jdk).feature();
    }

    private String text() {
      String numbers =
          figures.entrySet().stream()
              .filter(figure -> !figure.getValue().isNaN())
              .map(figure -> figure.getKey() + "=" + number(figure.getValue()))
              .collect(Collectors.joining(" "));
      return Stream.of(
              jdk,
              app,
              day,
              number(load),
              numbers,
              allocation,
              cost,
              String.join(BETWEEN_LEFT, left))
          .map(cell -> cell.replace('\t', ' ').replace('\n', ' '))
          .collect(Collectors.joining("\t"));
    }

    private static String number(double value) {
      return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static Entry parse(String line) {
      String[] cells = line.split("\t", -1);
      Map<String, Double> figures = new TreeMap<>();
      for (String pair : cells[4].split(" ", -1)) {
        String[] halves = pair.split("=", 2);
        if (halves.length == 2) {
          figures.put(halves[0], Double.parseDouble(halves[1]));
        }
      }
      double load = cells[3].equals("-") ? Double.NaN : Double.parseDouble(cells[3]);
      String left = cells[FIXED + 2];
      return new Entry(
          cells[0],
          cells[1],
          cells[2],
          load,
          figures,
          cells[FIXED],
          cells[FIXED + 1],
          left.isEmpty() ? List.of() : List.of(left.split(BETWEEN_LEFT, -1)));
    }
  }

  private final Path file;
  private final List<Entry> entries = new ArrayList<>();

  CoverageLog(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        if (!line.startsWith("#") && !line.isBlank()) {
          entries.add(Entry.parse(line));
        }
      }
    }
  }

  /** Takes the place of what was measured of it before; the file is written at once. */
  void put(Entry entry) throws IOException {
    entries.removeIf(old -> old.app().equals(entry.app()) && old.feature() == entry.feature());
    entries.add(entry);
    entries.sort(Comparator.comparing(Entry::jdk).thenComparing(Entry::app));
    List<String> lines = new ArrayList<>(List.of(HEAD));
    entries.stream().map(Entry::text).forEach(lines::add);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, lines);
  }

  List<Entry> all() {
    return List.copyOf(entries);
  }
}

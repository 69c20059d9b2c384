package dev.tidepool.apps.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidepool.apps.Catalogue;
import dev.tidepool.apps.coverage.SideBySide.Peak;
import dev.tidepool.apps.load.Collector;
import dev.tidepool.apps.load.Comparison;
import dev.tidepool.apps.load.Figures;
import dev.tidepool.apps.load.Jdk;
import dev.tidepool.apps.load.Measure;
import dev.tidepool.apps.load.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The measuring itself, on programs of which the answer is known. */
final class CoverageTest {
  private static final int BUFFER_BYTES = 64 * 1024 + 16;

  private static Plan plan(Catalogue app) {
    return Plan.of(app, Jdk.current(), Collector.SERIAL)
        .lasting(Duration.ofMillis(500), Duration.ofMillis(500));
  }

  @Test
  void eachLargeArrayIsCountedOnceAndItsPlaceNamed() throws Exception {
    LargeArrays arrays = LargeArrays.count(plan(Catalogue.COPY));

    long all = arrays.stacks().stream().mapToLong(LargeArrays.Stack::bytes).sum();
    long buffers =
        arrays.stacks().stream()
            .filter(stack -> stack.frames().toString().contains("CopyService.copy:"))
            .mapToLong(LargeArrays.Stack::bytes)
            .sum();
    double operations = all / arrays.bytesPerOperation();
    // four 64 KB buffers an operation, and not one of them missed
    assertThat(buffers / operations)
        .isCloseTo(4.0 * BUFFER_BYTES, Percentage.withPercentage(0.0001));
    LargeArrays.Stack first = arrays.stacks().get(0);
    assertThat(first.type()).isEqualTo("[B");
    assertThat(first.smallest()).isEqualTo(BUFFER_BYTES);
    assertThat(first.frames().get(0)).startsWith("dev.tidepool.apps.synthetic.CopyService.copy:");
  }

  @Test
  void sharesAndGoalsFollowFromTheWindows() {
    // 100 KB an operation without, 40 KB with; 80 of the 100 in large arrays
    SideBySide measured =
        new SideBySide(
            new Comparison(
                plan(Catalogue.CSV),
                List.of(window(1000, 100, 2), window(1000, 100, 4)),
                List.of(window(990, 40, 1), window(1010, 40, 1)),
                List.of()),
            List.of(new Peak(400, 440)),
            Map.of("Presize", 48.0 * 1024, "RecycleNative", 500.0 * 1024));
    Row row = new Row(Catalogue.CSV, new LargeArrays(80 * 1024, List.of()), measured);

    assertThat(row.counts()).isTrue();
    assertThat(row.removedShare()).isCloseTo(0.75, within(1e-9));
    assertThat(row.allocation()).contains("80 %", "**75 %**", "| Presize 60 % |");
    assertThat(Goals.overApplications(List.of(row.entry(Jdk.current(), 0.5))))
        .satisfiesExactly(
            removed -> assertThat(removed).contains("75 %").endsWith("yes |"),
            gcCpu -> assertThat(gcCpu).contains("-67 %").endsWith("yes |"),
            slowest -> assertThat(slowest).contains("1.000 (csv)").endsWith("yes |"),
            largest -> assertThat(largest).contains("1.100 (csv)").endsWith("no |"),
            output -> assertThat(output).contains("1 of 1").endsWith("yes |"));
  }

  @Test
  void whatIsMeasuredAgainTakesThePlaceOfWhatWasThere(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("data/coverage.tsv");
    CoverageLog log = new CoverageLog(file);
    log.put(entry("17.0.15", "web", "first"));
    log.put(entry("17.0.15", "csv", "other"));
    log.put(entry("25.0.3", "web", "newer"));
    log.put(entry("17.0.16", "web", "second"));

    List<CoverageLog.Entry> read = new CoverageLog(file).all();
    assertThat(read).isEqualTo(log.all());
    assertThat(read)
        .extracting(CoverageLog.Entry::cost)
        .containsExactly("other", "second", "newer");
    assertThat(CoveragePage.of(read, List.of()))
        .contains("## JDK 17.0.15", "## A few on JDK 25.0.3", "second 2026-01-01 | 0.5 |")
        .contains("- csv", "  - one, two")
        .doesNotContain("tuning=off");
    assertThat(CoveragePage.of(read, List.of(entry("17.0.15", "csv", "by themselves"))))
        .contains("tuning=off", "by themselves 2026-01-01 | 0.5 |");
  }

  private static CoverageLog.Entry entry(String jdk, String app, String cost) {
    Map<String, Double> figures = new TreeMap<>(Map.of("removed", 0.5, "throughput", 0.99));
    return new CoverageLog.Entry(
        jdk, app, "2026-01-01", 0.5, figures, "bytes", cost, List.of("one, two", "three"));
  }

  private static Figures window(double perSecond, double kilobytes, double gcCpu) {
    Map<Measure, Double> values = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      values.put(measure, 1.0);
    }
    values.put(Measure.OWN_ALLOCATED, 0.0);
    values.put(Measure.THROUGHPUT, perSecond);
    values.put(Measure.ALLOCATED, kilobytes);
    values.put(Measure.GC_CPU, gcCpu);
    return new Figures(values, 1, "same", 0);
  }
}

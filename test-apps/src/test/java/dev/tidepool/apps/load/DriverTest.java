package dev.tidepool.apps.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidepool.apps.Catalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver's own arithmetic and what it writes. */
final class DriverTest {
  private static final String SITES =
      """
      [{"site":"a1","class":"org.x.Cache","method":"put","descriptor":"()V","bytecodeIndex":3,
        "line":88,"allocates":"byte[]","state":"REFUSED","remedy":null,
        "verdict":{"kind":"refused","reason":"escapes at Cache.java:88: stored in field <last>",
        "path":["Cache.put","Cache.keep"]},"bytesPerSecond":1e6,"allocations":5,"hits":0,
        "misses":0,"bytesSaved":0},
       {"site":"b2","class":"org.x.Copy","method":"run","descriptor":"()V","bytecodeIndex":1,
        "line":-1,"allocates":"byte[]","state":"ACTIVE","remedy":"PoolLocal",
        "verdict":{"kind":"proven","reason":"","path":[]},"bytesPerSecond":2e6,"allocations":9,
        "hits":8,"misses":1,"bytesSaved":524288}]
      """;

  @Test
  void medianAndSpreadOfAnEvenAndAnOddCount() {
    assertThat(Figures.Spread.of(List.of(3.0, 1.0, 9.0))).isEqualTo(new Figures.Spread(1, 3, 9));
    assertThat(Figures.Spread.of(List.of(4.0, 1.0, 2.0, 9.0)))
        .isEqualTo(new Figures.Spread(1, 3, 9));
  }

  @Test
  void sitesAreReadWithTheirVerdictsTheGreatestSavingFirst() throws Exception {
    List<Site> sites = Site.of(new ObjectMapper().readTree(SITES));

    assertThat(sites)
        .extracting(Site::place)
        .containsExactly("org.x.Copy.run", "org.x.Cache.put:88");
    assertThat(sites.get(0).active()).isTrue();
    assertThat(sites.get(1).path()).containsExactly("Cache.put", "Cache.keep");
  }

  @Test
  void aRunIsMeasuredAndDrawnOnAPageThatNeedsNothingElse(@TempDir Path folder) throws Exception {
    Plan plan =
        SameOutput.plan(Catalogue.COPY, Jdk.current(), Collector.SERIAL, Duration.ofSeconds(1));
    Figures figures;
    try (Running running = new Running(plan, Optional.empty())) {
      figures = running.measure();
    }
    // four 64 KB buffers an operation, and little else
    assertThat(figures.get(Measure.ALLOCATED)).isBetween(256.0, 300.0);
    assertThat(figures.gcCount()).isPositive();

    Comparison same =
        new Comparison(
            plan, List.of(figures), List.of(figures), Site.of(new ObjectMapper().readTree(SITES)));
    Path page = folder.resolve("demo/report.html");
    HtmlReport.write(page, List.of(same));

    assertThat(Files.readString(page))
        .contains("<svg", "stored in field &lt;last&gt;", "+0.0 %")
        .doesNotContain("src=", "href=", "url(");
    assertThat(TextTable.plain(same).lines()).hasSize(Measure.values().length + 1);
    assertThat(same.sameOutput()).isTrue();
  }

  @Test
  void anUnknownApplicationIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> Catalogue.of("tomcta")).hasMessageContaining("TOMCAT");
  }
}

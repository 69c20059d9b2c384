package dev.tidepool.apps.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidepool.apps.load.Agent;
import dev.tidepool.apps.load.Child;
import dev.tidepool.apps.load.Collector;
import dev.tidepool.apps.load.Jdk;
import dev.tidepool.apps.load.Running;
import dev.tidepool.apps.load.Site;
import dev.tidepool.apps.load.SitesPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Given code that is unkind to its buffers, no byte is wrong, and the agent says why it refused.
 */
final class SoundnessTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String LATE = "Lifetimes$LateSubclass.run";
  private static final String PACKAGE = "dev.tidepool.apps.soundness.";

  /** Method that allocates, and words of the reason for which it must not be pooled. */
  private static final Map<String, String> MUST_BE_REFUSED =
      Map.ofEntries(
          Map.entry("Escapes$InField.run", "KeepingStream.last"),
          Map.entry("Escapes$OtherThread.hand", ""),
          Map.entry("Escapes$ReturnedAlias.make", "returned"),
          Map.entry("Escapes$InEscapingList.collect", ""),
          Map.entry("Escapes$Varargs.two", "Varargs"),
          Map.entry("Lifetimes$Locked.run", "used as a lock"),
          Map.entry("Owners$Pair.make", ""),
          Map.entry("Lists$Shown.show", ""),
          Map.entry("Lists$OfferedFirst.offer", "handed over before it is made"),
          Map.entry("Owners$KeptResults.keptUnderAnotherName", ""),
          Map.entry("okio.Segment.<init>", "stored in field Segment.data"));

  /**
   * Methods that keep their buffers to themselves and should be pooled while all is well, with the
   * number of places in them. Not those that draw arrays which others give back: where these are
   * poisoned none is had again, and so drawing shows no gain.
   */
  private static final Map<String, Integer> SHOULD_BE_ACTIVE =
      Map.ofEntries(
          Map.entry("Lifetimes$DoubleBuffer.run", 1),
          Map.entry("Lifetimes$Swap.run", 2),
          Map.entry("Lifetimes$Exceptions.leave", 2),
          Map.entry("Lifetimes$Recursion.deep", 1),
          Map.entry("Lifetimes$Identity.run", 2),
          Map.entry("Lifetimes$ReadsUnwritten.run", 4),
          Map.entry(LATE, 1),
          Map.entry("Lists$Held.run", 1),
          Map.entry("Lists$OneReturned.one", 1),
          Map.entry("Owners$Collects.run", 1),
          Map.entry("Owners$Turns.run", 1),
          Map.entry("Owners$Results.run", 1),
          Map.entry("Owners$Copies.run", 1),
          Map.entry("Owners$Copies.part", 1),
          Map.entry("org.apache.pdfbox.io.IOUtils.copy", 1),
          Map.entry("kotlin.io.ByteStreamsKt.copyTo", 1),
          Map.entry("kotlin.io.TextStreamsKt.copyTo", 1),
          Map.entry("scala.sys.process.BasicIO$.transferFullyImpl", 1),
          Map.entry("java.util.zip.Deflater.<init>", 1),
          Map.entry("java.util.zip.Inflater.<init>", 1),
          Map.entry("java.nio.DirectByteBuffer.<init>", 1));

  /** The same for what each compiler made of the nests. */
  private static final Map<String, Integer> NESTS =
      Map.of("Nests.outer", 2, "Nests.resources", 2, "Nests.loop", 1, "Nests.words", 1);

  /**
   * Proven but for the receiver, which is looked at in each call: these never get a buffer back, so
   * after a while they show no gain. What growing objects gain is found out anew all the time.
   */
  private static final List<String> ACTIVE_FOR_A_WHILE =
      List.of(
          "Escapes$InFieldBehindType.write",
          "Escapes$LambdaReceiver.give",
          "Escapes$HiddenReceiver.run",
          "Owners$Growing.run");

  /** What these make or get is known to others too. */
  private static final List<String> MUST_NOT_GIVE_BACK =
      List.of("Owners$ErasedPair.run", "Owners$KeptResults.run");

  @TempDir private Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  /** What was seen of the sites of one run. */
  private static final class Seen {
    final Map<String, Integer> wanted = new TreeMap<>(SHOULD_BE_ACTIVE);
    final Set<String> everActive = new TreeSet<>();
    List<Site> beforeLoad = List.of();
    List<Site> afterLoad = List.of();

    Seen(Path nests) throws IOException {
      try (Stream<Path> folders = Files.list(nests)) {
        for (Path compiled : folders.toList()) {
          String place = "fixtures." + compiled.getFileName() + ".";
          NESTS.forEach((method, count) -> wanted.put(place + method, count));
        }
      }
    }

    /** Whether every method that matters has its final state. */
    boolean settled(List<Site> sites) {
      sites.stream().filter(Site::active).map(Site::place).forEach(everActive::add);
      return MUST_BE_REFUSED.keySet().stream()
              .allMatch(
                  method -> sites.stream().anyMatch(site -> in(method, site) && isRefused(site)))
          && wanted.entrySet().stream()
              .allMatch(entry -> active(entry.getKey(), sites) >= entry.getValue())
          && ACTIVE_FOR_A_WHILE.stream().allMatch(this::wasActive);
    }

    boolean wasActive(String method) {
      return everActive.stream().anyMatch(place -> place.contains(method + ":"));
    }
  }

  private static boolean in(String method, Site site) {
    return site.place().contains(method + ":");
  }

  private static boolean isRefused(Site site) {
    return site.state().equals("REFUSED");
  }

  /** Places in a method whose memory comes from a pool; a better start is no such thing. */
  private static long active(String method, List<Site> sites) {
    return sites.stream()
        .filter(site -> site.active() && in(method, site) && !site.remedy().equals("Presize"))
        .count();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jdks")
  void noByteIsWrongAndEveryRefusalHasItsReason(Jdk jdk) throws Exception {
    Path nests = Compilers.compileNests(folder, Jdk.all(), jdk);
    Seen seen = new Seen(nests);
    JsonNode without = run(jdk, nests, Optional.empty(), seen);
    JsonNode with = run(jdk, nests, Optional.of(new SitesPage()), seen);

    assertThat(without.toString()).doesNotContain("FAILED");
    assertThat(with.toString()).doesNotContain("FAILED").isEqualTo(without.toString());
    List<Site> sites = seen.beforeLoad;
    assertThat(sites).as("sites of the cases").isNotEmpty();
    assertRefused(sites);
    for (String method : MUST_NOT_GIVE_BACK) {
      assertThat(active(method, sites)).as(method + " gives nothing back").isZero();
    }
    seen.wanted.forEach(
        (method, count) ->
            assertThat(active(method, sites))
                .as("places pooled in %s of %s", method, told(method, sites))
                .isGreaterThanOrEqualTo(count));
    for (String method : ACTIVE_FOR_A_WHILE) {
      assertThat(seen.wasActive(method)).as(method + " was active for a while").isTrue();
    }
    assertThat(active(LATE, seen.afterLoad))
        .as("pooled in spite of the class that keeps: %s", told(LATE, seen.afterLoad))
        .isZero();
  }

  private static List<Site> told(String method, List<Site> sites) {
    return sites.stream().filter(site -> in(method, site)).toList();
  }

  private static void assertRefused(List<Site> sites) {
    new TreeMap<>(MUST_BE_REFUSED)
        .forEach(
            (method, words) ->
                assertThat(sites)
                    .filteredOn(site -> in(method, site))
                    .filteredOn(site -> site.allocates().endsWith("[]"))
                    .as(method)
                    .isNotEmpty()
                    .allSatisfy(
                        site -> {
                          assertThat(site.state()).isEqualTo("REFUSED");
                          assertThat(site.reason() + site.path()).contains(words);
                        }));
  }

  /** Results case by case; the sites, where there is a page of them, before and after the load. */
  private JsonNode run(Jdk jdk, Path nests, Optional<SitesPage> page, Seen seen) throws Exception {
    List<String> command = new ArrayList<>(List.of(jdk.java().toString()));
    page.ifPresent(
        some ->
            command.add(
                Agent.built(
                        Map.of(
                            "http",
                            some.setting(),
                            "pooling.verify",
                            "poison",
                            "pooling.include",
                            PACKAGE
                                + "*;fixtures.*;kotlin.io.*;okio.*;scala.sys.*"
                                + ";org.apache.pdfbox.io.IOUtils"
                                + ";java.util.zip.Deflater;java.util.zip.Inflater"
                                + ";java.nio.DirectByteBuffer"))
                    .argument()));
    command.addAll(List.of(Collector.G1.flag(), "-Xmx256m", "-cp", Running.classPath()));
    command.addAll(List.of(FixtureProcess.class.getName(), nests.toString()));
    Path errors = folder.resolve("errors-" + page.isPresent());
    try (Child child = new Child(command, errors)) {
      child.answer();
      if (page.isPresent()) {
        seen.beforeLoad = page.get().await(seen::settled, PATIENCE);
      }
      child.ask("load");
      if (page.isPresent()) {
        seen.afterLoad = page.get().await(sites -> active(LATE, sites) == 0, PATIENCE);
      }
      Thread.sleep(1000);
      JsonNode results = child.ask("stop");
      assertThat(Files.readString(errors)).as("standard error").isEmpty();
      return results;
    }
  }
}

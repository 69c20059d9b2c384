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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Given code that is unkind to its buffers, no byte is wrong, and the agent says why it refused.
 */
final class SoundnessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String PACKAGE = "dev.tidepool.apps.soundness.";

  /** Method that allocates, and words of the reason for which it must not be pooled. */
  private static final Map<String, String> MUST_BE_REFUSED =
      Map.of(
          "Escapes$InField.run", "KeepingStream.last",
          "Escapes$OtherThread.hand", "",
          "Escapes$ReturnedAlias.make", "returned",
          "Escapes$InEscapingList.collect", "",
          "Escapes$Varargs.two", "Varargs",
          "Owners$Pair.make", "",
          "Lists$Shown.show", "",
          "Lists$OfferedFirst.offer", "handed over before it is made",
          "Owners$KeptResults.keptUnderAnotherName", "");

  /**
   * Methods that keep their buffers to themselves and should be pooled while all is well. Not those
   * that draw arrays which others give back: where these are poisoned none is had again, and so
   * drawing shows no gain.
   */
  private static final List<String> SHOULD_BE_ACTIVE =
      List.of(
          "Lifetimes$Recursion.deep",
          "Lifetimes$ReadsUnwritten.run",
          "Nests.outer",
          "Lists$Held.run",
          "Lists$OneReturned.one",
          "Owners$Collects.run",
          "Owners$Turns.run",
          "Owners$Results.run",
          "Owners$Copies.run",
          "Owners$Copies.part",
          "Owners$Growing.run",
          "java.util.zip.Deflater.<init>",
          "java.util.zip.Inflater.<init>",
          "java.nio.DirectByteBuffer.<init>");

  /** What these make or get is known to others too. */
  private static final List<String> MUST_NOT_GIVE_BACK =
      List.of("Owners$ErasedPair.run", "Owners$KeptResults.run");

  @TempDir private Path folder;

  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jdks")
  void noByteIsWrongAndEveryRefusalHasItsReason(Jdk jdk) throws Exception {
    Path nests = Compilers.compileNests(folder, Jdk.all(), jdk);
    JsonNode without = run(jdk, nests, Optional.empty(), List.of());
    List<Site> sites = new ArrayList<>();
    JsonNode with = run(jdk, nests, Optional.of(new SitesPage()), sites);

    assertThat(without.toString()).doesNotContain("FAILED");
    assertThat(with.toString()).doesNotContain("FAILED").isEqualTo(without.toString());
    assertThat(sites).as("sites of the cases").isNotEmpty();
    assertRefused(sites);
    for (String method : MUST_NOT_GIVE_BACK) {
      assertThat(sites)
          .as(method + " gives nothing back")
          .noneMatch(site -> site.active() && site.place().contains(method));
    }
    for (String method : SHOULD_BE_ACTIVE) {
      assertThat(sites)
          .as(method + " is pooled")
          .anyMatch(site -> site.active() && site.place().contains(method));
    }
  }

  private static void assertRefused(List<Site> sites) {
    new TreeMap<>(MUST_BE_REFUSED)
        .forEach(
            (method, words) ->
                assertThat(sites)
                    .filteredOn(site -> site.place().startsWith(PACKAGE + method))
                    .filteredOn(site -> site.allocates().endsWith("[]"))
                    .as(method)
                    .isNotEmpty()
                    .allSatisfy(
                        site -> {
                          assertThat(site.state()).isEqualTo("REFUSED");
                          assertThat(site.reason() + site.path()).contains(words);
                        }));
  }

  /** Results case by case; the sites as last seen before the late subclass loaded go to a list. */
  private JsonNode run(Jdk jdk, Path nests, Optional<SitesPage> page, List<Site> sites)
      throws Exception {
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
                                + ";java.util.zip.Deflater;java.util.zip.Inflater"
                                + ";java.nio.DirectByteBuffer"))
                    .argument()));
    command.addAll(List.of(Collector.G1.flag(), "-Xmx256m", "-cp", Running.classPath()));
    command.addAll(List.of(FixtureProcess.class.getName(), nests.toString()));
    Path errors = folder.resolve("errors-" + page.isPresent());
    try (Child child = new Child(command, errors)) {
      child.answer();
      if (page.isPresent()) {
        sites.addAll(page.get().await(SoundnessTest::settled, PATIENCE));
      }
      child.ask("load");
      Thread.sleep(1000);
      JsonNode results = child.ask("stop");
      assertThat(Files.readString(errors)).as("standard error").isEmpty();
      return results;
    }
  }

  /** Whether every method that matters has its final state. */
  private static boolean settled(List<Site> sites) {
    return MUST_BE_REFUSED.keySet().stream()
            .allMatch(
                method ->
                    sites.stream()
                        .anyMatch(
                            site ->
                                site.place().contains(method) && site.state().equals("REFUSED")))
        && SHOULD_BE_ACTIVE.stream()
            .allMatch(
                method ->
                    sites.stream()
                        .anyMatch(site -> site.active() && site.place().contains(method)));
  }
}

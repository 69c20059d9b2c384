package dev.tidepool.agent;

import dev.tidepool.tuning.levers.DiagnosticCommand;
import dev.tidepool.tuning.levers.HotSpotFlags;
import dev.tidepool.tuning.levers.VmFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import jdk.jfr.FlightRecorder;

/**
 * Leaves the optimizing compiler to the application.
 *
 * <p>What the agent does, it does for a few seconds: proofs read some hundreds of classes, JFR has
 * classes rewritten as it starts, its stream is parsed each second. That makes hundreds of methods
 * hot just when the application warms up: on two cores, where there is one such compiler thread, it
 * spent 9 of 20 seconds on them while the application's methods waited. Compiled by C1 alone they
 * are fast enough. What application threads run is left out: gate, pools, the check of receivers
 * and the look at loading classes. Where the VM takes no directives nothing is done.
 */
final class OwnCompilation implements AutoCloseable {
  private static final String FIRST = "dev/tidepool/rewriting/gate/*.*";

  /** The first that matches a method is the one that counts, so the exceptions come first. */
  private static final String DIRECTIVES =
      """
      [{
        match: ["%s", "dev/tidepool/rewriting/site/*.*",
                "dev/tidepool/rewriting/proof/GuardTable*.*",
                "dev/tidepool/rewriting/proof/JudgedClass*.*",
                "dev/tidepool/rewriting/live/DependencyWatch*.*",
                "dev/tidepool/rewriting/live/SiteTransformer*.*",
                "dev/tidepool/rewriting/live/Class*.*",
                "dev/tidepool/rewriting/live/LoadLog*.*",
                "dev/tidepool/rewriting/live/LongTable*.*"],
        c2: { Exclude: false }
      }, {
        match: ["dev/tidepool/shaded/*.*", "dev/tidepool/rewriting/*.*",
                "dev/tidepool/tuning/*.*", "dev/tidepool/agent/*.*"%s],
        c2: { Exclude: true }
      }]
      """;

  /** How many there are in the text above. */
  private static final int COUNT = 2;

  /** JFR reads its own stream with these, and rewrites classes with those; events are not in it. */
  private static final String RECORDER =
      """
      ,
                "jdk/jfr/consumer/*.*", "jdk/jfr/internal/consumer/*.*",
                "jdk/jfr/internal/LongMap*.*", "jdk/internal/org/objectweb/asm/*.*"\
      """;

  private boolean added;

  /** Puts the directive before those that are there; to be called where JMX may be used. */
  void begin() throws IOException {
    if (!hasBothCompilers()) {
      return; // what C2 leaves out would be interpreted
    }
    Path file = Files.createTempFile("tidepool", ".json");
    try {
      Files.writeString(file, DIRECTIVES.formatted(FIRST, isRecorderOurs() ? RECORDER : ""));
      added = DiagnosticCommand.run("compilerDirectivesAdd", file.toString()).contains("added");
    } catch (JMException | RuntimeException | LinkageError none) {
      added = false; // another compiler, or no diagnostic commands
    } finally {
      Files.delete(file);
    }
  }

  /** Takes it away, unless somebody has put others before it: only the first can be removed. */
  @Override
  public void close() {
    try {
      for (int i = 0; i < COUNT && added && (i > 0 || isOursFirst()); i++) {
        DiagnosticCommand.run("compilerDirectivesRemove");
      }
    } catch (JMException | RuntimeException | LinkageError none) {
      // it names nothing that is still there
    }
    added = false;
  }

  private static boolean hasBothCompilers() {
    VmFlags flags = HotSpotFlags.open();
    return has(flags, "TieredCompilation", "true") && has(flags, "CompilationMode", "default");
  }

  private static boolean has(VmFlags flags, String name, String value) {
    return flags.read(name).filter(flag -> flag.value().equals(value)).isPresent();
  }

  /** Whether nobody else reads recordings so far. */
  private static boolean isRecorderOurs() {
    try {
      return !FlightRecorder.isInitialized();
    } catch (LinkageError none) {
      return false;
    }
  }

  private static boolean isOursFirst() throws JMException {
    String text = DiagnosticCommand.run("compilerDirectivesPrint");
    int first = text.indexOf("matching:");
    int ours = text.indexOf(FIRST);
    return first >= 0 && ours > first && text.indexOf('\n', first) > ours;
  }
}

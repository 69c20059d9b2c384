package dev.tidepool.agent;

import dev.tidepool.tuning.levers.DiagnosticCommand;
import dev.tidepool.tuning.levers.HotSpotFlags;
import dev.tidepool.tuning.levers.VmFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;

/**
 * Leaves the optimizing compiler to the application.
 *
 * <p>Proofs read some hundreds of classes in a few seconds, which makes large methods of the
 * class-file library hot: on two cores, where there is one such compiler thread, it spends two to
 * four seconds on them while the application's methods wait. Compiled by C1 alone they are about as
 * fast for as long as they run. What application threads run (gate, pools, the check of receivers)
 * is not meant. Where the VM takes no directives nothing is done.
 */
final class OwnCompilation implements AutoCloseable {
  private static final String OURS = "dev/tidepool/";

  private static final String DIRECTIVES =
      """
      [{
        match: ["dev/tidepool/shaded/*.*", "dev/tidepool/rewriting/code/*.*",
                "dev/tidepool/rewriting/proof/MethodFlow*.*",
                "dev/tidepool/rewriting/proof/Origin*.*"],
        c2: { Exclude: true }
      }]
      """;

  private boolean added;

  /** Puts the directive before those that are there; to be called where JMX may be used. */
  void begin() throws IOException {
    if (!hasBothCompilers()) {
      return; // what C2 leaves out would be interpreted
    }
    Path file = Files.createTempFile("tidepool", ".json");
    try {
      Files.writeString(file, DIRECTIVES);
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
      if (added && isOursFirst()) {
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

  private static boolean isOursFirst() throws JMException {
    String text = DiagnosticCommand.run("compilerDirectivesPrint");
    int first = text.indexOf("matching:");
    int ours = text.indexOf(OURS);
    return first >= 0 && ours > first && text.indexOf('\n', first) > ours;
  }
}

package dev.tidepool.agent;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;

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
      added = command("compilerDirectivesAdd", file.toString()).contains("added");
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
        command("compilerDirectivesRemove");
      }
    } catch (JMException | RuntimeException | LinkageError none) {
      // it names nothing that is still there
    }
    added = false;
  }

  private static boolean hasBothCompilers() {
    try {
      HotSpotDiagnosticMXBean flags =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return flags.getVMOption("TieredCompilation").getValue().equals("true")
          && flags.getVMOption("CompilationMode").getValue().equals("default");
    } catch (RuntimeException | LinkageError another) {
      return false;
    }
  }

  private static boolean isOursFirst() throws JMException {
    String text = command("compilerDirectivesPrint");
    int first = text.indexOf("matching:");
    int ours = text.indexOf(OURS);
    return first >= 0 && ours > first && text.indexOf('\n', first) > ours;
  }

  private static String command(String name, String... arguments) throws JMException {
    Object[] parameters = arguments.length == 0 ? new Object[0] : new Object[] {arguments};
    String[] signature =
        arguments.length == 0 ? new String[0] : new String[] {String[].class.getName()};
    return String.valueOf(
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                name,
                parameters,
                signature));
  }
}

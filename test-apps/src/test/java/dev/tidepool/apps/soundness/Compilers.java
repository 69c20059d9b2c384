package dev.tidepool.apps.soundness;

import dev.tidepool.apps.load.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Compiles a fixture with every compiler at hand, for old and new releases. */
final class Compilers {
  // oldest class file version that javac 17 and 25 still write
  private static final int OLDEST_RELEASE = 8;

  private Compilers() {}

  /**
   * Makes one folder of class files for each compiler and release, with a package of the folder's
   * name below {@code fixtures}: so that each can be told from the others.
   *
   * @param runner the JDK they are to run on: nothing newer is made
   * @return the folder that holds them
   */
  static Path compileNests(Path folder, List<Jdk> jdks, Jdk runner)
      throws IOException, InterruptedException {
    Path nests = folder.resolve("nests");
    int made = 0;
    for (Jdk jdk : jdks) {
      if (jdk.hasCompiler()) {
        int target = Math.min(jdk.feature(), runner.feature());
        compile(jdk, target, nests.resolve("javac" + jdk.feature() + "for" + target));
        if (made++ == 0) {
          compile(
              jdk, OLDEST_RELEASE, nests.resolve("javac" + jdk.feature() + "for" + OLDEST_RELEASE));
        }
      }
    }
    if (made == 0) {
      throw new IOException("no compiler in any of " + jdks);
    }
    return nests;
  }

  private static void compile(Jdk jdk, int release, Path out)
      throws IOException, InterruptedException {
    Files.createDirectories(out);
    String source =
        Files.readString(Path.of("src/test/fixtures/Nests.java"))
            .replace("package fixtures;", "package fixtures." + out.getFileName() + ";");
    Path file = Files.writeString(out.resolve("Nests.java"), source);
    Process process =
        new ProcessBuilder(
                jdk.home().resolve("bin/javac").toString(),
                "--release",
                Integer.toString(release),
                "-g",
                "-nowarn",
                "-Xlint:-options",
                "-d",
                out.toString(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.resolve("javac.log").toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(Files.readString(out.resolve("javac.log")));
    }
  }
}

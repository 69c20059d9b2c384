package dev.tidepool.agent.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which programs the agent has no business in. */
class SkipListTest {
  /** Each launcher names the module and class it starts; so does {@code jdk.module.main}. */
  private static final Pattern MAIN =
      Pattern.compile("\\x00((?:java|jdk)\\.[a-z.]+)/([A-Za-z0-9_.$]+)\\x00");

  /** A server that people may well want to attach to, though the JDK brings it along. */
  private static final Set<String> A_PROGRAM_LIKE_OTHERS = Set.of("jwebserver");

  private static Matcher main(Path launcher) throws IOException {
    String bytes = new String(Files.readAllBytes(launcher), StandardCharsets.ISO_8859_1);
    return MAIN.matcher(bytes);
  }

  @Test
  void everyToolOfThisJdkIsSkipped() throws IOException {
    TreeMap<String, Boolean> skipped = new TreeMap<>();
    try (Stream<Path> tools = Files.list(Path.of(System.getProperty("java.home"), "bin"))) {
      for (Path tool : tools.filter(Files::isExecutable).toList()) {
        Matcher main = main(tool);
        if (main.find()) {
          String module = main.group(1);
          boolean skips = SkipList.isTool(module, module + "/" + main.group(2) + " -help");
          skipped.put(tool.getFileName().toString(), skips);
        }
      }
    }
    assertThat(skipped)
        .containsKeys(
            "jar", "javac", "javadoc", "jcmd", "jlink", "jmap", "jps", "jshell", "jstack",
            "keytool");
    skipped.forEach(
        (tool, skips) ->
            assertThat(skips).as(tool).isEqualTo(!A_PROGRAM_LIKE_OTHERS.contains(tool)));
  }

  @Test
  void programsOfUsersAreNot() {
    assertThat(SkipList.isTool(null, "org.example.Main --port 80")).isFalse();
    assertThat(SkipList.isTool(null, null)).isFalse();
    assertThat(SkipList.isTool("org.example", "org.example/org.example.Main")).isFalse();
    // a source file that is run at once is the user's program inside the compiler's module
    assertThat(
            SkipList.isTool(
                "jdk.compiler", "jdk.compiler/com.sun.tools.javac.launcher.Main Program.java"))
        .isFalse();
  }

  @Test
  void oldToolsFromAClassPathAre() {
    assertThat(SkipList.isTool(null, "sun.tools.jps.Jps -l")).isTrue();
  }
}

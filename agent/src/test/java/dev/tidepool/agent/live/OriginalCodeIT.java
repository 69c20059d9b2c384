package dev.tidepool.agent.live;

import static dev.tidepool.agent.live.Run.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.tools.attach.VirtualMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import sample.Copies;
import sample.Witness;

/** After a detach every class is what it was, byte for byte, and no code asks the gate any more. */
class OriginalCodeIT {
  private static final String COPIES = "sample.Copies@";

  /** JDK 17 does it when its recorder starts, and leaves them so. */
  private static final Set<String> JFR_REWRITES =
      Set.of(
          "java/io/FileInputStream@boot",
          "java/io/FileOutputStream@boot",
          "java/io/RandomAccessFile@boot",
          "java/lang/Error@boot",
          "java/lang/Throwable@boot",
          "sun/nio/ch/FileChannelImpl@boot",
          "sun/nio/ch/SocketChannelImpl@boot");

  @TempDir Path directory;

  @OnEveryJdk
  void detachLeavesEveryClassAsItWasFound(Path jdk) throws Exception {
    List<String> options = List.of("-XX:+EnableDynamicAgentLoading");
    try (Run application = Run.program(jdk, Copies.class, options).up()) {
      Map<String, String> found = hashes(application);
      assertThat(found).containsKey(copies(found)).hasSizeGreaterThan(300);

      String include = "http=off,pooling.include=" + Copies.class.getName();
      done(Run.tidepool(jdk, "attach", application.pid(), include));
      application.await("pooled", () -> Answers.stateOf(jdk, application, "copy").equals("ACTIVE"));
      assertThat(calls(application)).as("calls of the gate while it pools").isPositive();
      Map<String, String> changed = hashes(application);
      assertThat(changed.get(copies(found))).isNotEqualTo(found.get(copies(found)));

      done(Run.tidepool(jdk, "detach", application.pid()));
      assertThat(calls(application)).as("calls of the gate after the detach").isZero();
      Map<String, String> left = hashes(application);
      assertThat(found.keySet()).as("classes that are gone").isSubsetOf(left.keySet());
      found.keySet().removeIf(JFR_REWRITES::contains);
      found.forEach((name, hash) -> assertThat(left.get(name)).as(name).isEqualTo(hash));
      assertThat(application.isAlive()).isTrue();
      assertThat(application.err()).isEmpty();
    }
  }

  private static String copies(Map<String, String> hashes) {
    return hashes.keySet().stream()
        .filter(name -> name.replace('/', '.').startsWith(COPIES))
        .findFirst()
        .orElseThrow();
  }

  private Map<String, String> hashes(Run application) throws Exception {
    Map<String, String> hashes = new TreeMap<>();
    for (String line : witness(application, "hashes").lines().toList()) {
      String[] words = line.split(" ", -1);
      hashes.put(words[0], words[1]);
    }
    return hashes;
  }

  private long calls(Run application) throws Exception {
    return Long.parseLong(witness(application, "calls").trim());
  }

  private String witness(Run application, String what) throws Exception {
    Path seen = directory.resolve(what);
    VirtualMachine machine = VirtualMachine.attach(Long.toString(application.pid()));
    try {
      machine.loadAgent(AgentJar.of(Witness.class, directory).toString(), what + "=" + seen);
    } finally {
      machine.detach();
    }
    return Files.readString(seen);
  }
}

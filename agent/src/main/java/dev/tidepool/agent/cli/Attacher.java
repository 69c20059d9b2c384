package dev.tidepool.agent.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import dev.tidepool.agent.Versions;
import dev.tidepool.agent.config.SettingsReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Loads the agent into a running virtual machine and sees that it answers. */
final class Attacher {
  private static final long LONGEST_NANOS = 30_000_000_000L;
  private static final long POLL_MILLIS = 50;

  private final Target target;
  private final File jar;

  Attacher(Target target, File jar) {
    this.target = target;
    this.jar = jar;
  }

  /**
   * Attaches.
   *
   * @param options {@code key=value,...}, may be empty
   * @return one line that says what was done
   * @throws Failure where it could not be done
   */
  String attach(String options) {
    ControlClient client = new ControlClient(target);
    Optional<String> there = client.version();
    if (there.isPresent()) {
      return alreadyThere(there.get());
    }
    target.requireAttachable();
    String path = readableJar();
    String comma = options.isEmpty() ? "" : ",";
    load(path, SettingsReader.ATTACHED_JAR + "=" + path + comma + options);
    return awaitAnswer(client);
  }

  private String alreadyThere(String version) {
    String mine = Versions.running();
    if (!version.equals(mine)) {
      throw new Failure(
          "version "
              + version
              + " is in process "
              + target.pid()
              + ", this is "
              + mine
              + ": run `detach "
              + target.pid()
              + "` first");
    }
    return "tidepool " + version + " is in process " + target.pid() + " already";
  }

  /** Path of the jar as the process sees it; a copy where it does not see this one. */
  private String readableJar() {
    if (!target.hasOwnFiles()) {
      return jar.getAbsolutePath();
    }
    String there = "/tmp/tidepool-" + Versions.running() + ".jar";
    Path copy = target.reach(there);
    try {
      Files.copy(jar.toPath(), copy, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    } catch (IOException unwritable) {
      throw new Failure(
          "process "
              + target.pid()
              + " sees other files than this one, and the jar cannot be copied to its /tmp: put it"
              + " there by hand",
          unwritable);
    }
    return there;
  }

  private void load(String path, String options) {
    String process = "process " + target.pid();
    VirtualMachine machine;
    try {
      machine = VirtualMachine.attach(Long.toString(target.pid()));
    } catch (AttachNotSupportedException | IOException refused) {
      throw new Failure(
          process
              + " cannot be attached to ("
              + firstLine(refused)
              + "): run as its user, on the"
              + " same machine, or start it with -javaagent:tidepool.jar",
          refused);
    }
    try {
      machine.loadAgent(path, options);
    } catch (AgentLoadException | AgentInitializationException | IOException refused) {
      throw new Failure(reason(process, refused), refused);
    } finally {
      try {
        machine.detach();
      } catch (IOException gone) {
        // the process ended meanwhile; the answer will be missing
      }
    }
  }

  private static String reason(String process, Exception refused) {
    String text = firstLine(refused);
    if (text.contains("Dynamic agent loading") || text.contains("EnableDynamicAgentLoading")) {
      return process
          + " takes no agents while it runs (-XX:-EnableDynamicAgentLoading): start it with"
          + " -javaagent:tidepool.jar";
    }
    return process + " refused the agent (" + text + "): see its standard error";
  }

  private String awaitAnswer(ControlClient client) {
    long until = System.nanoTime() + LONGEST_NANOS;
    while (System.nanoTime() < until) {
      Optional<String> version = client.version();
      if (version.isPresent()) {
        return "tidepool " + version.get() + " is in process " + target.pid();
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException asked) {
        break;
      }
    }
    throw new Failure(
        "the agent was loaded into process "
            + target.pid()
            + " but does not answer: see that process's standard error");
  }

  private static String firstLine(Exception fault) {
    String text = fault.getMessage() == null ? fault.toString() : fault.getMessage();
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}

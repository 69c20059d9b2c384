package dev.tidepool.agent.cli;

import dev.tidepool.agent.serve.ControlPlace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A process as the operating system shows it: whose it is, whether it is a virtual machine, what it
 * sees of the file system. Where there is no {@code /proc} the questions are answered as for a
 * process like this one.
 */
final class Target {
  private static final int SIGQUIT_BIT = 3 - 1;

  private final long pid;
  private final Path proc;

  Target(long pid) {
    this.pid = pid;
    this.proc = Path.of("/proc", Long.toString(pid));
  }

  /**
   * Finds a process.
   *
   * @throws Failure if there is none of this number
   */
  static Target of(long pid) {
    if (ProcessHandle.of(pid).isEmpty()) {
      throw new Failure("there is no process " + pid + ": `list` shows the virtual machines");
    }
    return new Target(pid);
  }

  long pid() {
    return pid;
  }

  /**
   * Looks before leaping: attaching sends the process a signal that ends whatever does not expect
   * it.
   *
   * @throws Failure if this is no virtual machine that can be attached to
   */
  void requireAttachable() {
    if (!Files.isDirectory(proc)) {
      return;
    }
    requireSameUser();
    String maps = text(proc.resolve("maps"));
    if (maps.contains("libj9vm") || (!maps.isEmpty() && !maps.contains("libjvm.so"))) {
      throw new Failure(
          "process " + pid + " is no HotSpot virtual machine: nothing can be done in it");
    }
    List<String> command = commandLine();
    if (command.contains("-XX:+DisableAttachMechanism") || !catchesSigquit()) {
      throw new Failure(
          "process "
              + pid
              + " does not take attachments (-XX:+DisableAttachMechanism or -Xrs):"
              + " start it with -javaagent:tidepool.jar instead");
    }
  }

  /**
   * Only root may speak to the processes of others.
   *
   * @throws Failure if it is another user's
   */
  void requireSameUser() {
    Optional<String> owner = owner(proc);
    String me = System.getProperty("user.name");
    if (owner.isPresent() && !owner.get().equals(me) && !"root".equals(me)) {
      throw new Failure(
          "process " + pid + " belongs to " + owner.get() + ": run this command as that user");
    }
  }

  private boolean catchesSigquit() {
    for (String line : text(proc.resolve("status")).split("\n", -1)) {
      if (line.startsWith("SigCgt:")) {
        return (Long.parseUnsignedLong(line.substring(7).trim(), 16) >> SIGQUIT_BIT & 1) == 1;
      }
    }
    return true;
  }

  /** Arguments of the process, options in its environment included. */
  List<String> commandLine() {
    List<String> words = new ArrayList<>(zeroSeparated("cmdline"));
    for (String variable : zeroSeparated("environ")) {
      if (variable.startsWith("JAVA_TOOL_OPTIONS=")
          || variable.startsWith("JDK_JAVA_OPTIONS=")
          || variable.startsWith("_JAVA_OPTIONS=")) {
        String options = variable.substring(variable.indexOf('=') + 1);
        words.addAll(List.of(options.trim().split("\\s+", -1)));
      }
    }
    return words;
  }

  private List<String> zeroSeparated(String name) {
    return List.of(text(proc.resolve(name)).split("\0", -1));
  }

  /** Whether the process sees other files than this one does, as in a container. */
  boolean hasOwnFiles() {
    try {
      Path mine = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
      return !mine.equals(Files.readSymbolicLink(proc.resolve("ns/mnt")));
    } catch (IOException unknown) {
      return false;
    }
  }

  /** A path of the process as this one can reach it. */
  Path reach(String path) {
    return hasOwnFiles() ? Path.of(proc + "/root" + path) : Path.of(path);
  }

  /** The control socket of the agent in this process, where there is one. */
  Optional<Path> socket() {
    for (String temporary : temporaryDirectories()) {
      Path place = reach(temporary);
      try (DirectoryStream<Path> places =
          Files.newDirectoryStream(place, ControlPlace.PREFIX + "*")) {
        for (Path directory : places) {
          Path socket = directory.resolve(ownPid() + ".sock");
          if (Files.exists(socket) && isTheirs(directory)) {
            return Optional.of(socket);
          }
        }
      } catch (IOException | RuntimeException unreadable) {
        // the next place may do
      }
    }
    return Optional.empty();
  }

  private Set<String> temporaryDirectories() {
    Set<String> places = new LinkedHashSet<>();
    for (String word : commandLine()) {
      if (word.startsWith("-Djava.io.tmpdir=")) {
        places.add(word.substring("-Djava.io.tmpdir=".length()));
      }
    }
    places.add("/tmp");
    places.add(System.getProperty("java.io.tmpdir", "/tmp"));
    return places;
  }

  /** The number the process knows itself by, which in a container is another. */
  private String ownPid() {
    for (String line : text(proc.resolve("status")).split("\n", -1)) {
      if (line.startsWith("NSpid:")) {
        String[] numbers = line.trim().split("\\s+", -1);
        return numbers[numbers.length - 1];
      }
    }
    return Long.toString(pid);
  }

  /** Nobody else may answer in the agent's name. */
  private boolean isTheirs(Path directory) {
    Optional<String> process = owner(proc);
    return process.isEmpty() || process.equals(owner(directory));
  }

  private static Optional<String> owner(Path path) {
    try {
      return Optional.of(Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName());
    } catch (IOException | UnsupportedOperationException unknown) {
      return Optional.empty();
    }
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return "";
    }
  }
}

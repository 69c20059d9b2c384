package sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A memory control group of our own, version 1 or 2, made and removed around one process. */
final class MemoryGroup implements AutoCloseable {
  private static final AtomicInteger MADE = new AtomicInteger();

  private final Path directory;
  private final boolean v1;

  private MemoryGroup(Path directory, boolean v1) {
    this.directory = directory;
    this.v1 = v1;
  }

  /** The group, or empty where none can be made here (not root, no memory controller). */
  static Optional<MemoryGroup> make(long limitBytes) {
    Path first = Path.of("/sys/fs/cgroup/memory");
    boolean v1 = Files.isDirectory(first);
    Path root = v1 ? first : Path.of("/sys/fs/cgroup");
    Path directory =
        root.resolve("tidepool-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet());
    try {
      Files.createDirectory(directory);
      MemoryGroup group = new MemoryGroup(directory, v1);
      group.limit(limitBytes);
      return Optional.of(group);
    } catch (IOException | SecurityException e) {
      directory.toFile().delete();
      return Optional.empty();
    }
  }

  void limit(long bytes) throws IOException {
    Files.writeString(
        directory.resolve(v1 ? "memory.limit_in_bytes" : "memory.max"), Long.toString(bytes));
  }

  /** Whether the kernel took it: version 1 refuses what is below the use. */
  boolean tryLimit(long bytes) {
    try {
      limit(bytes);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  long usedBytes() throws IOException {
    Path file = directory.resolve(v1 ? "memory.usage_in_bytes" : "memory.current");
    return Long.parseLong(Files.readString(file).trim());
  }

  /** Shell words that put the shell itself into the group. */
  String join() {
    return "echo $$ > " + directory.resolve("cgroup.procs");
  }

  long peakBytes() throws IOException {
    Path file = directory.resolve(v1 ? "memory.max_usage_in_bytes" : "memory.peak");
    return Files.isReadable(file) ? Long.parseLong(Files.readString(file).trim()) : 0;
  }

  /** The kernel lets a group go some moments after its last process. */
  @Override
  public void close() {
    File group = directory.toFile();
    for (int i = 0; i < 50 && group.exists() && !group.delete(); i++) {
      LockSupport.parkNanos(100_000_000L);
    }
  }
}

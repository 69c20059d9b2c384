package dev.tidepool.apps.coverage;

import dev.tidepool.apps.load.Plan;
import dev.tidepool.apps.load.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * What an application puts into arrays of at least a kilobyte, counted one by one.
 *
 * @param bytesPerOperation headers included
 * @param stacks where they are allocated, the greatest first
 */
record LargeArrays(double bytesPerOperation, List<Stack> stacks) {
  /** Smallest array that counts, bytes with its header. */
  static final long LEAST_BYTES = 1024;

  private static final int FRAMES = 9;
  private static final int ATTEMPTS = 4;
  private static final double SLOWER = 4;
  private static final String OWN = "dev.tidepool.apps.process";

  // Room for the arrays' end is 576 bytes of every buffer on HotSpot, which leaves 64 for objects:
  // whatever is larger takes the slow path, and that is where the events are.
  private static final List<String> TINY_BUFFERS =
      List.of(
          "-XX:TLABSize=640",
          "-XX:MinTLABSize=640",
          "-XX:-ResizeTLAB",
          // the recorder warns of full buffers on standard output; its events say it too
          "-Xlog:disable",
          "-XX:FlightRecorderOptions=stackdepth=24,threadbuffersize=1m,globalbuffersize=4m,"
              + "numglobalbuffers=16");

  /**
   * Arrays of one type from one place.
   *
   * @param frames the allocating one first
   * @param smallest and largest in bytes
   */
  record Stack(
      String type, List<String> frames, long bytes, long count, long smallest, long largest) {
    private Stack and(Stack other) {
      return new Stack(
          type,
          frames,
          bytes + other.bytes,
          count + other.count,
          Math.min(smallest, other.smallest),
          Math.max(largest, other.largest));
    }
  }

  /**
   * Counts them in a process of their own, without agent, warm.
   *
   * @throws IOException if the recorder could not keep up, however slowly the program went
   */
  static LargeArrays count(Plan plan) throws IOException, InterruptedException {
    Plan tried = plan;
    for (int attempt = 1; ; attempt++) {
      try {
        return once(tried);
      } catch (Loss loss) {
        if (attempt == ATTEMPTS) {
          throw loss;
        }
        tried = tried.at(loss.perSecond / SLOWER);
      }
    }
  }

  /** The recorder lost events: what it saw is less than what was. */
  private static final class Loss extends IOException {
    private static final long serialVersionUID = 1;

    private final double perSecond;

    private Loss(double perSecond) {
      super("the recording lost events: the count would be too low");
      this.perSecond = perSecond;
    }
  }

  private static LargeArrays once(Plan plan) throws IOException, InterruptedException {
    Path file = Files.createTempFile("tidepool-arrays-", ".jfr");
    try {
      double operations;
      try (Running running = new Running(plan, Optional.empty(), TINY_BUFFERS)) {
        running.warmUp();
        running.record();
        operations = running.operations();
        running.recorded(file);
      }
      double perSecond = operations * 1e3 / plan.measure().toMillis();
      List<Stack> stacks = read(file).orElseThrow(() -> new Loss(perSecond));
      long bytes = stacks.stream().mapToLong(Stack::bytes).sum();
      return new LargeArrays(bytes / Math.max(1, operations), stacks);
    } finally {
      Files.delete(file);
    }
  }

  /** Empty where events were lost. */
  private static Optional<List<Stack>> read(Path file) throws IOException {
    Map<List<String>, Stack> found = new HashMap<>();
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        RecordedEvent event = recording.readEvent();
        if (event.getEventType().getName().equals("jdk.DataLoss")) {
          return Optional.empty();
        }
        stack(event)
            .ifPresent(
                stack -> {
                  List<String> key = new ArrayList<>(stack.frames);
                  key.add(stack.type);
                  found.merge(key, stack, Stack::and);
                });
      }
    }
    return Optional.of(
        found.values().stream().sorted(Comparator.comparingLong(Stack::bytes).reversed()).toList());
  }

  private static Optional<Stack> stack(RecordedEvent event) {
    if (!event.hasField("allocationSize")) {
      return Optional.empty();
    }
    long bytes = event.getLong("allocationSize");
    RecordedClass type = event.getClass("objectClass");
    if (bytes < LEAST_BYTES || !type.getName().startsWith("[")) {
      return Optional.empty();
    }
    List<RecordedFrame> trace =
        event.getStackTrace() == null ? List.of() : event.getStackTrace().getFrames();
    if (trace.stream().anyMatch(LargeArrays::isOfTheMeasuring)) {
      return Optional.empty();
    }
    List<String> frames =
        trace.stream()
            .map(LargeArrays::frame)
            .takeWhile(frame -> !frame.startsWith(OWN))
            .limit(FRAMES)
            .toList();
    return Optional.of(new Stack(type.getName(), frames, bytes, 1, bytes, bytes));
  }

  /** Of the recorder, or of the driver's own bookkeeping. */
  private static boolean isOfTheMeasuring(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    return type.startsWith("jdk.jfr.") || type.startsWith("org.HdrHistogram.");
  }

  private static String frame(RecordedFrame frame) {
    return frame.getMethod().getType().getName()
        + "."
        + frame.getMethod().getName()
        + ":"
        + frame.getLineNumber();
  }
}

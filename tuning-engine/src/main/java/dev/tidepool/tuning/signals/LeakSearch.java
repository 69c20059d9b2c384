package dev.tidepool.tuning.signals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedObject;
import jdk.jfr.consumer.RecordingFile;

/**
 * Looks for what is kept, with {@code jdk.OldObjectSample}: the VM samples objects as they are
 * allocated, and those still reachable at the end are written down with the way from a root. Done
 * only when asked: finding the ways stops the application for up to {@link #CUTOFF}. Loaded only
 * where {@code jdk.jfr} is present.
 */
public final class LeakSearch {
  private static final String SAMPLE = "jdk.OldObjectSample";

  /** Longest stop for the ways from roots, the event's own setting. */
  private static final Duration CUTOFF = Duration.ofMillis(500);

  private static final int MOST_FIELDS = 4;
  private static final int MOST_STEPS = 40;
  private static final int MOST_KINDS = 20;

  private LeakSearch() {}

  private record Kind(String type, String madeAt) {}

  /**
   * Samples for this long in the calling thread.
   *
   * @param place directory for a file of a few megabytes, which is deleted again
   * @return kinds of objects, the one with most samples first
   * @throws IOException where the recording cannot be written
   * @throws InterruptedException where the thread is to end; the recording is closed
   */
  public static List<HeldObjects> run(Duration duration, File place)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile(place.toPath(), "tidepool", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(SAMPLE).withStackTrace().with("cutoff", CUTOFF.toMillis() + " ms");
      recording.setName("tidepool leak search");
      recording.start();
      Instant begun = Instant.now();
      Thread.sleep(duration.toMillis());
      recording.dump(file);
      return read(file, begun, begun.plus(duration.multipliedBy(2).dividedBy(3)));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** What was allocated last may only be young: it is left out. */
  private static List<HeldObjects> read(Path file, Instant from, Instant until) throws IOException {
    Map<Kind, HeldObjects> kinds = new HashMap<>();
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        if (event.getEventType().getName().equals(SAMPLE)) {
          Instant made = event.getInstant("allocationTime");
          if (!made.isBefore(from) && !made.isAfter(until)) {
            add(kinds, event);
          }
        }
      }
    }
    List<HeldObjects> all = new ArrayList<>(kinds.values());
    all.sort(Comparator.comparingInt(HeldObjects::samples).reversed());
    return all.subList(0, Math.min(MOST_KINDS, all.size()));
  }

  private static void add(Map<Kind, HeldObjects> kinds, RecordedEvent event) {
    RecordedObject object = event.getValue("object");
    if (object == null) {
      return;
    }
    String type = object.getClass("type").getName();
    String madeAt = madeAt(event);
    long bytes = event.hasField("objectSize") ? Math.max(0, event.getLong("objectSize")) : 0;
    String heldBy = heldBy(object);
    kinds.merge(
        new Kind(type, madeAt),
        new HeldObjects(type, madeAt, heldBy, 1, bytes),
        (a, b) ->
            new HeldObjects(
                type,
                madeAt,
                a.heldBy().isEmpty() ? b.heldBy() : a.heldBy(),
                a.samples() + b.samples(),
                a.bytes() + b.bytes()));
  }

  /** The first method outside the JDK, or the first of all. */
  private static String madeAt(RecordedEvent event) {
    if (event.getStackTrace() == null) {
      return "";
    }
    String first = "";
    for (RecordedFrame frame : event.getStackTrace().getFrames()) {
      String type = frame.getMethod().getType().getName();
      String text = type + "." + frame.getMethod().getName() + ":" + frame.getLineNumber();
      if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.")) {
        return text;
      }
      first = first.isEmpty() ? text : first;
    }
    return first;
  }

  /** Fields on the way to the root; those of the application say most, so the last few. */
  private static String heldBy(RecordedObject object) {
    ArrayDeque<String> fields = new ArrayDeque<>();
    RecordedObject at = object;
    for (int i = 0; i < MOST_STEPS && at != null; i++) {
      RecordedObject reference = at.hasField("referrer") ? at.getValue("referrer") : null;
      if (reference == null) {
        break;
      }
      RecordedObject holder = reference.getValue("object");
      RecordedObject field = reference.getValue("field");
      if (holder != null && field != null) {
        fields.addLast(holderName(holder) + "." + field.getString("name"));
        if (fields.size() > MOST_FIELDS) {
          fields.removeFirst();
        }
      }
      at = holder;
    }
    StringJoiner joined = new StringJoiner(" <- ");
    fields.forEach(joined::add);
    return joined.toString();
  }

  /** A static field's holder is the class object, which JFR describes by the class's name. */
  private static String holderName(RecordedObject holder) {
    String type = holder.getClass("type").getName();
    String described = holder.getString("description");
    boolean isClass = type.equals("java.lang.Class") && described != null;
    return isClass ? described.replaceFirst("^Class Name: ", "") : type;
  }
}

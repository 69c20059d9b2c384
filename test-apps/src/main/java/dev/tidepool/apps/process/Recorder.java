package dev.tidepool.apps.process;

import java.io.IOException;
import java.nio.file.Path;
import jdk.jfr.Recording;

/**
 * Writes down every slow-path allocation of this process for a while.
 *
 * <p>In a process whose allocation buffers are smaller than a kilobyte each larger array is one
 * event, whatever the collector makes of it: a count, not a sample.
 */
final class Recorder {
  private static final String INSIDE = "jdk.ObjectAllocationInNewTLAB";
  private static final String OUTSIDE = "jdk.ObjectAllocationOutsideTLAB";

  private Recording recording;

  /** Begins. */
  String begin() {
    recording = new Recording();
    recording.enable(INSIDE).withStackTrace();
    recording.enable(OUTSIDE).withStackTrace();
    recording.start();
    return new JsonLine().put("recording", 1).text();
  }

  /** Ends, and writes what was seen to a file of JFR's own format. */
  String end(Path file) throws IOException {
    recording.stop();
    recording.dump(file);
    recording.close();
    return new JsonLine().put("recording", 0).text();
  }
}

package dev.tidepool.agent.log;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Writes single lines to the standard error of the process, or to a file.
 *
 * <p>Goes to the file descriptor and not to {@code System.err}, which the application may have
 * replaced by something that must not be called from here. At the default level nothing is written
 * while all is well.
 */
public final class Log implements AutoCloseable {
  private final OutputStream standardError = new FileOutputStream(FileDescriptor.err);
  private OutputStream out = standardError;
  private volatile Level level = Level.WARN;

  public void level(Level wanted) {
    level = wanted;
  }

  public Level level() {
    return level;
  }

  /**
   * Appends to a file from now on.
   *
   * @throws IOException if it cannot be opened; the log then stays where it was
   */
  public synchronized void toFile(File file) throws IOException {
    OutputStream opened = new FileOutputStream(file, true);
    close();
    out = opened;
  }

  public void error(String line) {
    write(Level.ERROR, line);
  }

  public void warn(String line) {
    write(Level.WARN, line);
  }

  public void info(String line) {
    write(Level.INFO, line);
  }

  public void debug(String line) {
    write(Level.DEBUG, line);
  }

  /** A step of the agent failed: one line, and at debug level the way it came about. */
  public void failed(String what, Throwable fault) {
    warn(what + ": " + inOneLine(fault));
    if (writes(Level.DEBUG)) {
      for (StackTraceElement frame : fault.getStackTrace()) {
        debug("  at " + frame);
      }
    }
  }

  /** Class and message of a fault, line ends taken out. */
  public static String inOneLine(Throwable fault) {
    return fault.toString().replace('\n', ' ').replace('\r', ' ');
  }

  /** Whether a line of this level is written. */
  public boolean writes(Level of) {
    return level.compareTo(of) >= 0;
  }

  /** A line of whatever level. */
  public void write(Level of, String line) {
    if (!writes(of)) {
      return;
    }
    String text = "tidepool: " + line + "\n";
    synchronized (this) {
      boolean dated = out != standardError;
      String stamp = dated ? Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + of + " " : "";
      try {
        out.write((stamp + text).getBytes(StandardCharsets.UTF_8));
      } catch (IOException full) {
        // a log that cannot be written must not disturb anybody
      }
    }
  }

  /** Lets go of the file; what comes later goes to standard error. */
  @Override
  public synchronized void close() {
    OutputStream open = out;
    out = standardError;
    if (open != standardError) {
      try {
        open.close();
      } catch (IOException lost) {
        // as above
      }
    }
  }
}

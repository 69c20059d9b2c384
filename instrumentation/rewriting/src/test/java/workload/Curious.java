package workload;

import java.io.StringWriter;

/** Asks how large the buffer of a writer was made. */
public final class Curious {
  private Curious() {}

  public static int capacity(StringWriter writer) {
    return writer.getBuffer().capacity();
  }
}

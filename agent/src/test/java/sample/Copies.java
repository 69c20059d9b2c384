package sample;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Copies through a local buffer and keeps another one, until it is ended; rests while there is a
 * file of the name it is given.
 *
 * <p>Not in a package of the house: the agent leaves its own classes alone.
 */
public final class Copies {
  private Copies() {}

  private static byte[] kept;

  static long copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[65_536];
    long total = 0;
    for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
      out.write(buffer, 0, count);
      total += count;
    }
    return total;
  }

  static int keep() {
    byte[] buffer = new byte[20_000];
    kept = buffer;
    return kept.length;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.out.println("up");
    byte[] source = new byte[200_000];
    while (true) {
      while (arguments.length > 0 && Files.exists(Path.of(arguments[0]))) {
        Thread.sleep(100);
      }
      long copied = copy(new ByteArrayInputStream(source), OutputStream.nullOutputStream());
      if (copied != source.length || keep() != 20_000) {
        throw new AssertionError(copied);
      }
      Thread.sleep(0, 200_000);
    }
  }
}

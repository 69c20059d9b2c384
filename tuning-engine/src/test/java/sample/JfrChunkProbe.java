package sample;

import dev.tidepool.tuning.signals.JfrSettings;
import dev.tidepool.tuning.signals.JfrStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Allocates under the stream until the recorder has begun another chunk, and on from there. */
public final class JfrChunkProbe {
  static volatile Object sink;

  private JfrChunkProbe() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    JfrStream stream = JfrStream.start(JfrSettings.DEFAULT, nomination -> {});
    Set<Path> chunks = new TreeSet<>();
    long end = System.nanoTime() + 40_000_000_000L;
    while (chunks.size() < 2 && System.nanoTime() < end) {
      round(stream);
      try (Stream<Path> files = Files.walk(temporary)) {
        files.filter(file -> file.toString().endsWith(".jfr")).forEach(chunks::add);
      }
    }
    System.out.println("another chunk " + (chunks.size() > 1));
    long more = stream.signals().sampledBytes() + (1 << 20);
    for (int i = 0; i < 2_000 && stream.signals().sampledBytes() <= more; i++) {
      round(stream);
    }
    System.out.println("goes on " + (stream.signals().sampledBytes() > more));
    stream.close();
  }

  private static void round(JfrStream stream) throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      sink = new byte[256 << 10];
    }
    stream.check();
    Thread.sleep(10);
  }
}

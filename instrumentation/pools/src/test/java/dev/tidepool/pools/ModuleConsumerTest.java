package dev.tidepool.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module of somebody else's that requires the pools, with the code of their documentation. */
class ModuleConsumerTest {
  private static final String MODULE = "module consumer {\n  requires dev.tidepool.pools;\n}\n";

  private static final String MAIN =
      """
      package consumer;

      import dev.tidepool.pools.*;
      import java.io.*;
      import java.time.Duration;

      public class Main {
        public static void main(String[] args) throws Exception {
          InputStream in = new ByteArrayInputStream(new byte[100]);
          ArrayPool<byte[]> pool = ArrayPool.ofBytes().powersOfTwo().budget(64 << 20).build();
          int n;
          try (var lease = pool.lease(8192)) {
            n = in.read(lease.array());
          }
          byte[] buffer = pool.acquire(8192); // in hot code
          pool.release(buffer);

          ObjectPool<StringBuilder> objects =
              ObjectPool.of(StringBuilder::new).reset(b -> b.setLength(0)).build();
          try (var lease = objects.lease()) {
            lease.get().append("...");
          }

          CircuitBreaker breaker = new CircuitBreaker(3, Duration.ofSeconds(1));
          if (breaker.allows()) {
            breaker.succeeded();
          }

          DirectPool direct = DirectPool.of("network", 1 << 20, 64 << 20, PoolPressure.shared());
          direct.release(direct.acquire(16 << 10));

          QueuePool<String> channels = QueuePool.of("replies", 10_000, PoolPressure.shared());
          channels.release(channels.acquire(16));

          PrimitivePools pools = new PrimitivePools(64 << 20, PoolPressure.shared());
          int meter = pools.openMeter();
          int[] table = (int[]) pools.acquire(10, 4096, meter, true);
          pools.release(table, 10, meter);
          long misses = pools.counts(meter).misses();

          BoundedCache<String, byte[]> pages =
              BoundedCache.of(
                  "pages", 16 << 20, Duration.ofMinutes(5), v -> v.length, PoolPressure.shared());
          byte[] page = pages.get("path", path -> new byte[10]);

          OperationMeter queries = new OperationMeter();
          queries.record(1000);
          Workers.bounded("resize", 4, 100).execute(() -> {});
          pool.stats().sizes().forEach(size -> queries.record(size.misses()));

          ArrayPool<char[]> texts = ArrayPool.ofChars().clear(ClearPolicy.DIRTY).build();
          char[] text = texts.acquire(4096);
          texts.release(text, 10);
          PoolPressure.shared().level(Pressure.HIGH);
          System.out.println(
              n + " " + buffer.length + " " + ArrayPool.class.getModule().getName()
                  + " " + pool.stats().hits());
        }
      }
      """;

  @Test
  void aModuleCompilesAndRunsAgainstThePools(@TempDir Path dir) throws Exception {
    Path pools = classes();
    Path sources = Files.createDirectories(dir.resolve("src/consumer"));
    Path module = Files.writeString(dir.resolve("src/module-info.java"), MODULE);
    Path main = Files.writeString(sources.resolve("Main.java"), MAIN);
    Path out = dir.resolve("out");
    int compiled =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "--module-path",
                pools.toString(),
                "-d",
                out.toString(),
                module.toString(),
                main.toString());
    assertThat(compiled).isZero();
    assertThat(run(pools, out)).isEqualTo("100 8192 dev.tidepool.pools 1");
  }

  private static String run(Path... modules) throws IOException, InterruptedException {
    Process java =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "--module-path",
                    modules[0] + System.getProperty("path.separator") + modules[1],
                    "--module",
                    "consumer/consumer.Main"))
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    java.waitFor();
    return output;
  }

  /** Where the pools' classes are, with their module-info. */
  private static Path classes() {
    String name = PrimitivePools.class.getName().replace('.', '/') + ".class";
    String url = PrimitivePools.class.getResource("PrimitivePools.class").toString();
    return Path.of(URI.create(url.substring(0, url.length() - name.length())));
  }
}

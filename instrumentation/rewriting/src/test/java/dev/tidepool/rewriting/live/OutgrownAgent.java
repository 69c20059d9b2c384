package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;

/** What the JDK's own streams replace and let go of, with the real proof, in a JVM of its own. */
public final class OutgrownAgent {
  private static final List<Class<?>> REWRITTEN =
      List.of(ByteArrayOutputStream.class, BufferedReader.class, BufferedWriter.class);

  private static Instrumentation instrumentation;
  private static final byte[] TEXT = text();

  /** What others keep of what they were handed: it must stay as it was. */
  private static final List<byte[]> KEPT = new ArrayList<>();

  private OutgrownAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    List<List<Long>> before = digests();
    PrimitivePools pools = new PrimitivePools(50_000_000);
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE, pools);
    for (Class<?> type : REWRITTEN) {
      for (Constructor<?> made : type.getDeclaredConstructors()) {
        String descriptor =
            MethodType.methodType(void.class, made.getParameterTypes()).toMethodDescriptorString();
        thread.nominate(Scenario.nomination(type, "<init>", descriptor));
      }
    }
    thread.nominate(Scenario.nomination(ByteArrayOutputStream.class, "ensureCapacity", "(I)V"));
    until(thread, "ByteArrayOutputStream", "ensureCapacity", 100);
    until(thread, "BufferedReader", "<init>", 100);
    until(thread, "BufferedWriter", "<init>", 100);
    // as another agent would: its proof does not hold any more, and is made anew without a rest
    instrumentation.retransformClasses(BufferedReader.class);
    until(thread, "BufferedReader", "<init>", hits(thread, "BufferedReader", "<init>") + 2000);
    for (int i = 0; i < 2000; i++) {
      work();
      keep();
      closeInTurn();
    }
    for (byte[] kept : KEPT) {
      check(Arrays.equals(kept, Arrays.copyOf(TEXT, kept.length)), "what was kept is as it was");
    }
    nothingIsLeft(pools);
    check(!before.equals(digests()), "they are rewritten");
    switchedOffAndOn(thread);
    thread.close();
    List<List<Long>> after = digests();
    for (int i = 0; i < before.size(); i++) {
      check(before.get(i).equals(after.get(i)), "as before close: " + REWRITTEN.get(i));
    }
    work();
  }

  /** Whoever filled what was outgrown, with a key perhaps, has left nothing in the pool. */
  private static void nothingIsLeft(PrimitivePools pools) {
    int found = 0;
    for (int round = 0; round < 100; round++) {
      ByteArrayOutputStream key = new ByteArrayOutputStream(2048);
      for (int i = 0; i < 5000; i++) {
        key.write(0x5A);
      }
      check(key.size() == 5000, "written");
      for (int length : new int[] {2048, 4096}) {
        byte[] array = (byte[]) pools.take(Opcodes.T_BYTE, length, 0, false);
        if (array != null) {
          found++;
          check(Arrays.equals(array, new byte[length]), "it was cleared when it came");
          pools.release(array, Opcodes.T_BYTE, 0);
        }
      }
    }
    check(found > 0, "it came");
  }

  private static void switchedOffAndOn(ProofThread thread) throws Exception {
    thread.settings(Scenario.quick().without(Set.of("RecycleOutgrown")));
    long end = System.nanoTime() + 60_000_000_000L;
    while (thread.sites().stream().anyMatch(OutgrownAgent::isRecycled)) {
      check(System.nanoTime() < end, "switched off: " + thread.sites());
      work();
    }
    thread.settings(Scenario.quick());
    until(thread, "BufferedReader", "<init>", hits(thread, "BufferedReader", "<init>") + 100);
  }

  private static boolean isRecycled(SiteReport site) {
    return site.state() == SiteState.ACTIVE && "RecycleOutgrown".equals(site.remedy());
  }

  private static long hits(ProofThread thread, String type, String method) {
    return thread.sites().stream()
        .filter(site -> site.className().endsWith(type) && site.method().equals(method))
        .mapToLong(SiteReport::hits)
        .max()
        .orElse(0);
  }

  private static List<List<Long>> digests() throws Exception {
    List<List<Long>> digests = new ArrayList<>();
    for (Class<?> type : REWRITTEN) {
      digests.add(Scenario.digests(instrumentation, type));
    }
    return digests;
  }

  /** Works until a site has drawn from the pool more than so often. */
  private static void until(ProofThread thread, String type, String method, long hits)
      throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (true) {
      for (SiteReport site : thread.sites()) {
        if (site.className().endsWith(type)
            && site.method().equals(method)
            && site.state() == SiteState.ACTIVE
            && site.hits() > hits) {
          return;
        }
      }
      check(System.nanoTime() < end, type + " gives back: " + thread.sites());
      for (int i = 0; i < 50; i++) {
        work();
      }
      Thread.sleep(1);
    }
  }

  private static byte[] text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      text.append("line ").append(i).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void work() throws IOException {
    ByteArrayOutputStream collected = new ByteArrayOutputStream();
    try (Writer writer =
            new BufferedWriter(new OutputStreamWriter(collected, StandardCharsets.UTF_8));
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(new ByteArrayInputStream(TEXT), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        writer.write(line);
        writer.write('\n');
      }
    }
    check(Arrays.equals(collected.toByteArray(), TEXT), "what was written is what was read");
  }

  /** A stream keeps what it is handed, and the one it came from grows on. */
  private static void keep() throws IOException {
    ByteArrayOutputStream collected = new ByteArrayOutputStream();
    collected.write(TEXT, 0, 6000);
    collected.writeTo(
        new OutputStream() {
          @Override
          public void write(int b) {}

          @Override
          public void write(byte[] from, int offset, int length) {
            if (KEPT.size() < 200 && offset == 0 && length == 6000) {
              // on 25 a virtual thread would be given a copy; this is none
              KEPT.add(length == from.length ? from : Arrays.copyOf(from, length));
              LIVE.add(from);
            }
          }
        });
    collected.write(TEXT, 6000, 6000);
    for (byte[] live : LIVE) {
      check(
          Arrays.equals(live, 0, 6000, TEXT, 0, 6000), "the array that was kept is nobody else's");
    }
  }

  private static final List<byte[]> LIVE = new ArrayList<>();

  /** A stream closes the reader that reads from it, and goes on filling what it was handed. */
  private static void closeInTurn() throws IOException {
    BufferedReader[] outer = new BufferedReader[1];
    InputStream source = new ByteArrayInputStream(TEXT);
    Reader closing =
        new InputStreamReader(source, StandardCharsets.UTF_8) {
          @Override
          public int read(char[] buffer, int offset, int length) throws IOException {
            outer[0].close();
            BufferedReader other =
                new BufferedReader(
                    new InputStreamReader(new ByteArrayInputStream(TEXT), StandardCharsets.UTF_8));
            String line = other.readLine();
            Arrays.fill(buffer, offset, offset + length, 'x');
            check(line.equals("line 0"), "a line");
            check(other.readLine().equals("line 1"), "the next reader has a buffer of its own");
            other.close();
            return length;
          }
        };
    outer[0] = new BufferedReader(closing);
    try {
      outer[0].readLine();
    } catch (IOException | NullPointerException closed) {
      // as without the agent: the reader is closed
    }
  }
}

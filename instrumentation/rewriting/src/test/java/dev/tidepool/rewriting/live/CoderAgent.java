package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;

import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.lang.instrument.Instrumentation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Readers and writers whose coders give their buffers back, in a JVM of its own. */
public final class CoderAgent {
  private static final String DECODER = "sun.nio.cs.StreamDecoder";
  private static final String ENCODER = "sun.nio.cs.StreamEncoder";
  private static final List<byte[]> KEPT = new ArrayList<>();

  private static Instrumentation instrumentation;

  private CoderAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    roundTrip(1);
    Class<?> decoder = Class.forName(DECODER);
    Class<?> encoder = Class.forName(ENCODER);
    List<Long> before = Scenario.digests(instrumentation, decoder);
    List<Long> ofEncoder = Scenario.digests(instrumentation, encoder);
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE);
    thread.nominate(Scenario.nomination(ByteBuffer.allocate(1).getClass(), "<init>", null));
    thread.nominate(Scenario.nomination(decoder, "<init>", null));
    thread.nominate(Scenario.nomination(encoder, null, null));
    until(thread, DECODER);
    // later it may be taken back: streams come that keep what they are handed
    check(!before.equals(Scenario.digests(instrumentation, decoder)), "it is rewritten");
    until(thread, ENCODER);
    Throwable[] failed = new Throwable[1];
    Thread[] others = new Thread[3];
    for (int i = 0; i < others.length; i++) {
      others[i] = new Thread(() -> hurry(failed));
      others[i].start();
    }
    for (Thread other : others) {
      other.join();
    }
    check(failed[0] == null, "what was written is what was read: " + failed[0]);
    for (int i = 0; i < 200; i++) {
      closedFromWithin();
      keeping(i);
      closedTwice();
      roundTrip(i);
    }
    littleByLittle(thread, encoder, ofEncoder);
    thread.close();
    check(before.equals(Scenario.digests(instrumentation, decoder)), "as before close");
    check(ofEncoder.equals(Scenario.digests(instrumentation, encoder)), "and the encoder");
    roundTrip(2);
  }

  private static void hurry(Throwable[] failed) {
    try {
      for (int seed = 0; seed < 3000; seed++) {
        roundTrip(seed);
      }
    } catch (Throwable wrong) {
      failed[0] = wrong;
    }
  }

  private static void until(ProofThread thread, String type) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (true) {
      for (SiteReport site : thread.sites()) {
        if (site.className().equals(type)
            && site.state() == SiteState.ACTIVE
            && site.hits() > 100) {
          return;
        }
      }
      check(System.nanoTime() < end, type + " draws: " + thread.sites());
      for (int i = 0; i < 20; i++) {
        roundTrip(end + i);
      }
    }
  }

  /** A writer that is handed two letters at a time pays more than its buffer is worth. */
  private static void littleByLittle(ProofThread thread, Class<?> encoder, List<Long> before)
      throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    String why = "";
    // it may also be seen first that all its buffers are small
    while (!why.contains("lent to a call") && !why.contains("pooling.min-bytes")) {
      check(System.nanoTime() < end, "it is given up: " + thread.sites());
      write(2000);
      for (SiteReport site : thread.sites()) {
        if (site.className().equals(ENCODER) && site.state() == SiteState.REVERTED) {
          why = site.reason();
        }
      }
    }
    while (!before.equals(Scenario.digests(instrumentation, encoder))) {
      check(System.nanoTime() < end, "what is called so often does not go on asking");
      write(20_000);
    }
  }

  private static void write(int times) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStreamWriter writer = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
      for (int i = 0; i < times; i++) {
        writer.write("ab");
      }
    }
    check(bytes.toString(StandardCharsets.UTF_8).equals("ab".repeat(times)), "as it was written");
  }

  private static void roundTrip(long seed) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      text.append(seed * i).append("\u00e4\u20ac ");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStreamWriter writer = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
      writer.write(text.toString());
    }
    StringWriter read = new StringWriter();
    try (Reader reader =
        new InputStreamReader(
            new ByteArrayInputStream(bytes.toByteArray()), StandardCharsets.UTF_8)) {
      reader.transferTo(read);
    }
    check(read.toString().contentEquals(text), "what was written is what was read");
  }

  /** A stream that closes its reader while it is read, and goes on writing into the array. */
  private static void closedFromWithin() throws IOException {
    Reader[] reader = new Reader[1];
    InputStream closing =
        new InputStream() {
          @Override
          public int read() {
            return -1;
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            reader[0].close();
            roundTrip(7);
            into[from] = 'x';
            return 1;
          }
        };
    reader[0] = new InputStreamReader(closing, StandardCharsets.UTF_8);
    check(reader[0].read(new char[1]) == 1, "as without the agent");
  }

  /** Streams that keep what they are handed, and write there when they like. */
  private static void keeping(int seed) throws IOException {
    InputStream in =
        new FilterInputStream(new ByteArrayInputStream(new byte[] {'a', 'b'})) {
          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            KEPT.add(into);
            return super.read(into, from, length);
          }
        };
    try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      check(reader.read() == 'a', "the first letter");
    }
    OutputStream out =
        new FilterOutputStream(new ByteArrayOutputStream()) {
          @Override
          public void write(byte[] from, int at, int length) {
            KEPT.add(from);
          }
        };
    try (OutputStreamWriter writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
      writer.write("letters");
    }
    for (byte[] array : KEPT) {
      java.util.Arrays.fill(array, (byte) seed);
    }
  }

  private static void closedTwice() throws IOException {
    Reader reader = new InputStreamReader(InputStream.nullInputStream(), StandardCharsets.UTF_8);
    reader.close();
    reader.close();
    try {
      reader.read();
      check(false, "a closed reader reads nothing");
    } catch (IOException expected) {
      check(expected.getMessage().equals("Stream closed"), expected.getMessage());
    }
    OutputStreamWriter writer =
        new OutputStreamWriter(OutputStream.nullOutputStream(), StandardCharsets.UTF_8);
    writer.close();
    writer.close();
  }
}

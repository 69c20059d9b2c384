package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;
import static dev.tidepool.rewriting.live.Scenario.hash;

import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.lang.instrument.Instrumentation;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Native memory, recycled in a virtual machine of its own; silent when all is as it should be. */
public final class NativeAgent {
  private static final byte[] TEXT = text();
  private static final byte[] DICTIONARY = Arrays.copyOfRange(TEXT, 500, 1500);
  private static Instrumentation instrumentation;

  private NativeAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    switch (System.getProperty("scenario")) {
      case "zip" -> zip();
      case "direct" -> direct();
      case "unnamed" -> unnamed();
      case "aligned" -> aligned();
      case "undo" -> undo();
      default -> throw new IllegalArgumentException("scenario");
    }
  }

  private static byte[] text() {
    Random random = new Random(7);
    byte[] text = new byte[5000];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ("{\"name\":\"alpha\",\"size\":".charAt(i % 23) + (random.nextInt(9) / 8));
    }
    return text;
  }

  private static ProofThread start() {
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE);
    // by name: whether it pays here is not the question
    thread.settings(Scenario.quick().withInclude("java.util.zip.*;java.nio.*;java.io.*"));
    return thread;
  }

  private static SiteReport site(ProofThread thread, String className) {
    for (SiteReport report : thread.sites()) {
      if (report.className().equals(className)) {
        return report;
      }
    }
    return null;
  }

  private static void until(Callable<String> what, Callable<Boolean> condition, Callable<?> work)
      throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.call()) {
      check(System.nanoTime() < end, what.call());
      work.call();
    }
  }

  private static boolean recycled(ProofThread thread, String className, long hits) {
    SiteReport report = site(thread, className);
    return report != null && report.state() == SiteState.ACTIVE && report.hits() > hits;
  }

  private static void zip() throws Exception {
    // levels and dictionaries before any of it is rewritten
    Map<String, byte[]> plain = everyWay();
    ProofThread thread = start();
    until(
        () -> "both are recycled: " + thread.sites() + thread.stats().notes(),
        () ->
            recycled(thread, "java.util.zip.Deflater", 200)
                && recycled(thread, "java.util.zip.Inflater", 200),
        NativeAgent::everyWay);
    for (int round = 0; round < 20; round++) {
      for (Map.Entry<String, byte[]> way : everyWay().entrySet()) {
        check(Arrays.equals(way.getValue(), plain.get(way.getKey())), way.getKey());
      }
      broken();
    }
    SiteReport report = site(thread, "java.util.zip.Deflater");
    check(report.remedy().equals("RecycleNative"), report.toString());
    check(report.allocates().equals("compressor state"), report.toString());
    check(report.verdictKind().equals("proven"), report.toString());
    spoiled(thread);
    together(plain);
    thread.close();
    check(Arrays.equals(plain.get("6 true"), deflated(6, true, false, 6)), "after close");
  }

  /** Compressed by every level, with and without header and dictionary, and a change midway. */
  private static Map<String, byte[]> everyWay() throws Exception {
    Map<String, byte[]> ways = new LinkedHashMap<>();
    for (int level : new int[] {-1, 0, 1, 6, 9}) {
      for (boolean nowrap : new boolean[] {true, false}) {
        ways.put(level + " " + nowrap, deflated(level, nowrap, false, level));
        ways.put(level + " " + nowrap + " dictionary", deflated(level, nowrap, true, level));
        ways.put(level + " " + nowrap + " then 3", deflated(level, nowrap, false, 3));
      }
    }
    return ways;
  }

  private static byte[] deflated(int level, boolean nowrap, boolean dictionary, int later)
      throws DataFormatException {
    Deflater deflater = new Deflater(level, nowrap);
    if (dictionary) {
      deflater.setDictionary(DICTIONARY);
    }
    byte[] out = new byte[3 * TEXT.length];
    deflater.setInput(TEXT, 0, 2500);
    int size = deflater.deflate(out);
    if (later != level) {
      deflater.setLevel(later);
      deflater.setStrategy(Deflater.HUFFMAN_ONLY);
    }
    deflater.setInput(TEXT, 2500, TEXT.length - 2500);
    deflater.finish();
    while (!deflater.finished()) {
      size += deflater.deflate(out, size, out.length - size);
    }
    deflater.end();
    deflater.end();
    unusable(deflater);
    inflate(out, size, nowrap, dictionary);
    return Arrays.copyOf(out, size);
  }

  private static void unusable(Deflater deflater) {
    try {
      deflater.deflate(new byte[10]);
    } catch (NullPointerException | IllegalStateException closed) {
      return;
    }
    check(false, "what has ended cannot be used");
  }

  private static void inflate(byte[] compressed, int size, boolean nowrap, boolean dictionary)
      throws DataFormatException {
    Inflater inflater = new Inflater(nowrap);
    byte[] back = new byte[TEXT.length + 1];
    if (dictionary && nowrap) {
      inflater.setDictionary(DICTIONARY);
    }
    inflater.setInput(compressed, 0, size);
    int length = inflater.inflate(back);
    if (dictionary && !nowrap) {
      check(length == 0 && inflater.needsDictionary(), "asks for the dictionary");
      inflater.setDictionary(DICTIONARY);
      length = inflater.inflate(back);
    }
    check(inflater.finished(), "all is read");
    check(Arrays.equals(TEXT, Arrays.copyOf(back, length)), "what went in comes out");
    inflater.end();
    inflater.end();
  }

  /** What ends in an error, or halfway, leaves nothing behind for the next. */
  private static void broken() {
    for (boolean nowrap : new boolean[] {true, false}) {
      Inflater inflater = new Inflater(nowrap);
      inflater.setInput(new byte[] {7, 7, 7, 7, 7, 7});
      try {
        inflater.inflate(new byte[100]);
        check(false, "this is no compressed data");
      } catch (DataFormatException expected) {
        inflater.end();
      }
      Deflater unfinished = new Deflater(6, nowrap);
      unfinished.setInput(TEXT);
      unfinished.deflate(new byte[10]);
      unfinished.end();
    }
  }

  /** A state whose level was changed is not had again. */
  private static void spoiled(ProofThread thread) throws Exception {
    long before = site(thread, "java.util.zip.Deflater").hits();
    for (int i = 0; i < 50; i++) {
      Deflater deflater = new Deflater(8, false);
      deflater.setLevel(2);
      deflater.end();
    }
    long after = site(thread, "java.util.zip.Deflater").hits();
    check(after == before, "what is changed is freed: " + (after - before));
  }

  /** Many threads, some of which leave the end to the cleaner or come twice to it. */
  private static void together(Map<String, byte[]> plain) throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int round = 0; round < 100; round++) {
                    Deflater shared = new Deflater(6, true);
                    Thread other = new Thread(shared::end);
                    if (round % 10 == 0) {
                      other.start();
                    }
                    shared.end();
                    other.join();
                    new Deflater(9, true); // nobody ends it
                    check(
                        Arrays.equals(deflated(6, true, false, 6), plain.get("6 true")),
                        "same output");
                  }
                } catch (Throwable failure) {
                  synchronized (failures) {
                    failures.add(failure);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.gc();
    check(failures.isEmpty(), failures.toString());
  }

  private static Object buffers() throws InterruptedException {
    for (int i = 0; i < 40; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
      for (int at = 0; at < buffer.capacity(); at += 999) {
        check(buffer.get(at) == 0, "a new buffer is zero");
      }
      while (buffer.hasRemaining()) {
        buffer.putLong(-1);
      }
    }
    return null;
  }

  private static BufferPoolMXBean statistics() {
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        return pool;
      }
    }
    throw new IllegalStateException("no pool of direct buffers");
  }

  private static void direct() throws Exception {
    buffers();
    ProofThread thread = start();
    until(
        () -> "direct memory is recycled: " + thread.sites() + thread.stats().notes(),
        () -> recycled(thread, "java.nio.DirectByteBuffer", 200),
        NativeAgent::buffers);
    SiteReport report = site(thread, "java.nio.DirectByteBuffer");
    check(report.remedy().equals("RecycleDirect"), report.toString());
    BufferPoolMXBean statistics = statistics();
    until(
        () -> "all are dead: " + statistics.getCount(),
        () -> statistics.getCount() == 0,
        NativeAgent::collect);
    check(statistics.getMemoryUsed() == 0, "what is kept is not counted as used");
    List<ByteBuffer> all = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      all.add(ByteBuffer.allocateDirect(1 << 20));
    }
    check(statistics.getMemoryUsed() == 32 << 20, "to the last byte of the maximum");
    try {
      ByteBuffer.allocateDirect(1);
      check(false, "and no further");
    } catch (OutOfMemoryError expected) {
      check(expected.getMessage().contains("direct buffer memory"), expected.getMessage());
    }
    for (ByteBuffer buffer : all) {
      check(buffer.getLong(8 * 1000) == 0 && buffer.get(buffer.capacity() - 1) == 0, "zero");
    }
    all.clear();
    ByteBuffer.allocateDirect(0).put(new byte[0]);
    thread.close();
    buffers();
  }

  /** Nobody has named a class, and of buffers outside the heap JFR nominates no method. */
  private static void unnamed() throws Exception {
    ProofThread thread = Scenario.start(instrumentation, Prover.ESCAPE);
    until(
        () -> "direct memory is recycled: " + thread.sites() + thread.stats().notes(),
        () -> recycled(thread, "java.nio.DirectByteBuffer", 200),
        NativeAgent::buffers);
    thread.close();
    buffers();
  }

  /** Page by page, and with buffers that the program has cleaned itself, also twice. */
  private static void aligned() throws Exception {
    ProofThread thread = start();
    until(
        () -> "direct memory is recycled: " + thread.sites() + thread.stats().notes(),
        () -> recycled(thread, "java.nio.DirectByteBuffer", 100),
        NativeAgent::buffers);
    long before = site(thread, "java.nio.DirectByteBuffer").hits();
    // what sun.misc.Unsafe.invokeCleaner does, without the warning that JDK 25 gives for that
    Module base = Object.class.getModule();
    Set<Module> here = Set.of(NativeAgent.class.getModule());
    instrumentation.redefineModule(
        base, Set.of(), Map.of("jdk.internal.misc", here), Map.of(), Set.of(), Map.of());
    Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
    Object instance = unsafe.getMethod("getUnsafe").invoke(null);
    Method clean = unsafe.getMethod("invokeCleaner", ByteBuffer.class);
    for (int i = 0; i < 50; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(10_000);
      ByteBuffer second = ByteBuffer.allocateDirect(10_000);
      check(buffer.alignmentOffset(0, 4096) == 0, "a buffer starts at a page");
      for (int at = 0; at < buffer.capacity(); at++) {
        check(buffer.get(at) == 0, "cleaned memory comes back as zero");
        buffer.put(at, (byte) 1);
        second.put(at, (byte) 2);
      }
      clean.invoke(instance, buffer);
      clean.invoke(instance, buffer);
      ByteBuffer third = ByteBuffer.allocateDirect(10_000);
      third.put(0, (byte) 3);
      check(second.get(0) == 2, "no two buffers have the same memory");
      clean.invoke(instance, second);
      clean.invoke(instance, third);
    }
    check(site(thread, "java.nio.DirectByteBuffer").hits() > before + 50, "is had again at once");
    thread.close();
    buffers();
  }

  /** Once need not do: the last buffer may still be on its way to the cleaner, or be looked at. */
  private static Object collect() throws InterruptedException {
    System.gc();
    Thread.sleep(50);
    return null;
  }

  private static Object both() throws Exception {
    everyWay();
    return buffers();
  }

  private static void undo() throws Exception {
    both();
    List<Class<?>> types = new ArrayList<>();
    for (String name :
        List.of(
            "java.nio.DirectByteBuffer",
            "java.nio.DirectByteBuffer$Deallocator",
            "java.util.zip.Deflater",
            "java.util.zip.Deflater$DeflaterZStreamRef",
            "java.util.zip.Inflater",
            "java.util.zip.Inflater$InflaterZStreamRef")) {
      types.add(Class.forName(name));
    }
    for (Class<?> type : types) {
      hash(instrumentation, type);
    }
    List<String> before = hashes(types);
    ProofThread thread = start();
    until(
        () -> "all are recycled: " + thread.sites() + thread.stats().notes(),
        () ->
            recycled(thread, "java.util.zip.Deflater", 20)
                && recycled(thread, "java.util.zip.Inflater", 20)
                && recycled(thread, "java.nio.DirectByteBuffer", 20),
        NativeAgent::both);
    List<String> during = hashes(types);
    for (int i = 0; i < types.size(); i++) {
      check(!before.get(i).equals(during.get(i)), types.get(i) + " is rewritten");
    }
    check(
        thread.revert(site(thread, "java.util.zip.Deflater").site(), "user"),
        "a single site can be taken back");
    check(before.get(2).equals(hash(instrumentation, types.get(2))), "it is as it was");
    check(before.get(3).equals(hash(instrumentation, types.get(3))), "with all its classes");
    both();
    thread.close();
    check(before.equals(hashes(types)), "close leaves the original bytes");
    both();
  }

  private static List<String> hashes(List<Class<?>> types) throws Exception {
    List<String> hashes = new ArrayList<>();
    for (Class<?> type : types) {
      hashes.add(hash(instrumentation, type));
    }
    return hashes;
  }
}

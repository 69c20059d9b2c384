package dev.tidepool.rewriting.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * State of zlib behind Deflaters or Inflaters; its kind is what it was made with.
 *
 * <p>Once {@code end()} or the cleaner has run nobody can reach the state any more. It is reset by
 * the JDK's own {@code reset}, the documented way to use a compressor again: dictionary, pending
 * output, checksums and errors are gone. The window's memory is not cleared, but zlib reads only
 * what it wrote since the reset, so nothing of it comes out again. Level and strategy survive a
 * reset; a state where they were changed is freed. So is any state whose making was not seen.
 */
public final class ZipState implements NativeMemory {
  private static final Long UNKNOWN = -1L;

  private static final int BATCHES = 7;
  private static final int A_BATCH = 24;

  /** What a state kept may cost of one made anew to be worth keeping. */
  private static final double WORTH = 0.8;

  /**
   * What keeping one must save to be worth rewritten classes: with a thousand a second half a
   * hundredth of a core. Where memory comes from the system again and again it saves more than is
   * timed here, in a loop that finds its own where it left it.
   */
  private static final double LEAST_MICROS = 5;

  private final long bytes;
  private final Making making;
  private final MethodHandle reset;
  private final MethodHandle end;
  private final ConcurrentHashMap<Long, Long> kinds = new ConcurrentHashMap<>();
  private final AtomicInteger used = new AtomicInteger();
  private final Peak peak = new Peak();

  /** Makes a state of its own, by the JDK's {@code init}. */
  private interface Making {
    long make() throws ReflectiveOperationException;
  }

  private ZipState(long bytes, Making making, MethodHandle reset, MethodHandle end) {
    this.bytes = bytes;
    this.making = making;
    this.reset = reset;
    this.end = end;
  }

  /**
   * Looks up what resets and frees, and tries both.
   *
   * @param type Deflater or Inflater, in a package open to this module
   * @param bytes what the state of one takes, at most
   * @throws ReflectiveOperationException where this JDK is another
   */
  public static ZipState of(Class<?> type, long bytes) throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    MethodType ofAddress = MethodType.methodType(void.class, long.class);
    ZipState state =
        new ZipState(
            bytes,
            making(type),
            lookup.findStatic(type, "reset", ofAddress),
            lookup.findStatic(type, "end", ofAddress));
    state.tryOut(state.making.make());
    return state;
  }

  private static Making making(Class<?> type) throws NoSuchMethodException {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals("init")) {
        method.setAccessible(true);
        Object[] arguments =
            method.getParameterCount() == 1 ? new Object[] {false} : new Object[] {-1, 0, false};
        return () -> (long) method.invoke(null, arguments);
      }
    }
    throw new NoSuchMethodException(type.getName() + ".init");
  }

  /**
   * Whether there is anything to win here: how long a state takes to be made and freed hangs on the
   * C library, and so on what memory it gives back to the system in between.
   *
   * @param faulting whether memory that is new to the process is touched all the time
   * @return why not, with the times; or null
   */
  public String obstacle(boolean faulting) {
    try {
      double[] anew = new double[BATCHES];
      double[] again = new double[BATCHES];
      for (int batch = 0; batch < BATCHES; batch++) {
        anew[batch] = microsAnew();
        again[batch] = microsAgain();
      }
      Arrays.sort(anew);
      Arrays.sort(again);
      double made = anew[BATCHES / 2];
      double kept = again[BATCHES / 2];
      return kept <= WORTH * made && (faulting || made - kept >= LEAST_MICROS)
          ? null
          : String.format(
              Locale.ROOT,
              "no gain: made anew in %.1f us here, made as good as new in %.1f us%s",
              made,
              kept,
              faulting ? "" : ", and what is freed stays with the process");
    } catch (ReflectiveOperationException otherJdk) {
      return "no gain: " + otherJdk;
    }
  }

  private double microsAnew() throws ReflectiveOperationException {
    long start = System.nanoTime();
    for (int i = 0; i < A_BATCH; i++) {
      call(end, making.make());
    }
    return (System.nanoTime() - start) / 1e3 / A_BATCH;
  }

  private double microsAgain() throws ReflectiveOperationException {
    long address = making.make();
    long start = System.nanoTime();
    for (int i = 0; i < A_BATCH; i++) {
      call(reset, address);
    }
    double micros = (System.nanoTime() - start) / 1e3 / A_BATCH;
    call(end, address);
    return micros;
  }

  /** Does all that is done later, so that nothing is left to be loaded or linked then. */
  private void tryOut(long address) {
    becomes(address, 0);
    becomes(address, -1);
    becomes(address, 0);
    used.set(1);
    prepare(address, 0);
    taken(0, true);
    free(address);
    used.set(0);
  }

  @Override
  public long bytes(long kind) {
    return bytes;
  }

  @Override
  public void becomes(long address, long kind) {
    if (kind < 0) {
      // what was made before this site was watched is not known, and stays so
      kinds.replace(address, UNKNOWN);
    } else {
      kinds.put(address, kind);
      peak.see(used.incrementAndGet());
    }
  }

  @Override
  public long prepare(long address, long kind) {
    Long known = kinds.get(address);
    if (known == null) {
      return -1;
    }
    used.decrementAndGet();
    if (known < 0) {
      return -1;
    }
    try {
      call(reset, address);
    } catch (Throwable thrown) {
      kinds.remove(address);
      throw thrown;
    }
    return known;
  }

  @Override
  public void taken(long kind, boolean kept) {
    if (kept) {
      peak.see(used.incrementAndGet());
    }
  }

  @Override
  public long room(long returning) {
    return bytes * Math.max(0, peak.get() - used.get());
  }

  @Override
  public void forget(long address) {
    kinds.remove(address);
  }

  @Override
  public void trim(long now) {
    peak.tick(now, used.get());
  }

  @Override
  public void free(long address) {
    kinds.remove(address);
    call(end, address);
  }

  private static void call(MethodHandle function, long address) {
    try {
      function.invokeExact(address);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable undeclared) {
      throw new IllegalStateException(undeclared);
    }
  }
}

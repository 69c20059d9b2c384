package dev.tidepool.rewriting.live;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Has classes rewritten in batches, and finds the one class in a batch that the virtual machine
 * rejects, with a bound on how often it tries. One thread uses it.
 */
final class Retransformer {
  private static final int BATCH = 64;

  private final Instrumentation instrumentation;
  private final SiteTransformer transformer;
  private final ClassPlans plans;
  private final AtomicLong retransformations = new AtomicLong();

  Retransformer(Instrumentation instrumentation, SiteTransformer transformer, ClassPlans plans) {
    this.instrumentation = instrumentation;
    this.transformer = transformer;
    this.plans = plans;
  }

  /** Classes handed over so far. */
  long retransformations() {
    return retransformations.get();
  }

  /**
   * Brings the classes to what is planned for them.
   *
   * @return the classes that could not be changed, with the reason; they run as before
   */
  Map<Class<?>, String> apply(Collection<Class<?>> classes) {
    Map<Class<?>, String> failed = new HashMap<>();
    List<Class<?>> all = new ArrayList<>(classes);
    for (int from = 0; from < all.size(); from += BATCH) {
      apply(all.subList(from, Math.min(from + BATCH, all.size())), failed);
    }
    return failed;
  }

  /** Halves a batch that fails: at most 2n - 1 attempts for n classes. */
  private void apply(List<Class<?>> batch, Map<Class<?>, String> failed) {
    retransformations.addAndGet(batch.size());
    try {
      instrumentation.retransformClasses(batch.toArray(new Class<?>[0]));
    } catch (Exception | LinkageError | InternalError rejected) {
      if (batch.size() == 1) {
        failed.put(batch.get(0), String.valueOf(rejected));
        return;
      }
      int half = batch.size() / 2;
      apply(batch.subList(0, half), failed);
      apply(batch.subList(half, batch.size()), failed);
    }
  }

  /**
   * The bytes the class runs without what we rewrote in it, or null where they cannot be had.
   *
   * <p>The retransformation is made to fail: a class that goes through one, be it byte for byte the
   * same, loses the compiled code of its methods and of all that inlined them, for {@code
   * java.lang.Object} that of the whole program. What fails is refused before anything is touched.
   */
  byte[] capture(Class<?> type) {
    if (!instrumentation.isModifiableClass(type)) {
      return null;
    }
    Recorder recorder = new Recorder(type);
    instrumentation.addTransformer(recorder, true);
    transformer.leave(type);
    try {
      instrumentation.retransformClasses(type);
      // somebody behind us put the modifiers right: the class has been replaced by its equal
      if (plans.has(type)) {
        apply(List.of(type));
      }
    } catch (UnsupportedOperationException wanted) {
      return recorder.file;
    } catch (Exception | LinkageError | InternalError rejected) {
      return null;
    } finally {
      transformer.leave(null);
      instrumentation.removeTransformer(recorder);
    }
    return recorder.file;
  }

  /**
   * Comes last, so it sees what all others made of a class; hands on the class with another
   * modifier, which no virtual machine accepts of a loaded class and everybody can read. On this
   * thread alone: what somebody else retransforms at the same time must not fail.
   */
  private static final class Recorder implements ClassFileTransformer {
    private final Class<?> wanted;
    private final Thread thread = Thread.currentThread();
    private volatile byte[] file;

    Recorder(Class<?> wanted) {
      this.wanted = wanted;
    }

    @Override
    public byte[] transform(
        ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
      if (type != wanted || Thread.currentThread() != thread) {
        return null;
      }
      file = bytes.clone();
      return ClassHeader.withOtherModifiers(bytes);
    }
  }
}

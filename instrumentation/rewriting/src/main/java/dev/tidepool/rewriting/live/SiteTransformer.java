package dev.tidepool.rewriting.live;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.objectweb.asm.ClassReader;

/**
 * Sees every class before it is defined: a filter at load, the rewriter on our own
 * retransformation. Never throws and never changes a class for which nothing is planned.
 */
final class SiteTransformer implements ClassFileTransformer {
  private static final int MAX_WAITING = 10_000;

  private final DependencyWatch watch;
  private final Queue<String> included = new ConcurrentLinkedQueue<>();
  private final Queue<Long> redefined = new ConcurrentLinkedQueue<>();
  private volatile ClassPlans plans;
  private volatile Thread own;
  private volatile Class<?> untouched;
  private volatile ClassPatterns include = ClassPatterns.parse("");
  private volatile LearnedSites recalled = LearnedSites.NONE;

  SiteTransformer(DependencyWatch watch) {
    this.watch = watch;
  }

  /** Classes are rewritten by these plans from now on. */
  void plans(ClassPlans current) {
    plans = current;
  }

  /** Retransformations on this thread are our own; all others are somebody else's. */
  void ownThread(Thread thread) {
    own = thread;
  }

  /** Classes that match are told of by {@link #pollIncluded} when they load. */
  void include(ClassPatterns patterns) {
    include = patterns;
  }

  /** The classes of these sites are told of likewise. */
  void recall(LearnedSites sites) {
    recalled = sites;
  }

  /** Internal name of an included class about to be defined, or null. */
  String pollIncluded() {
    return included.poll();
  }

  /** {@link ClassHeader#key} of a class that somebody else redefined, or null. */
  Long pollRedefined() {
    return redefined.poll();
  }

  /** Leaves one class as it is until called with null, plan or not. */
  void leave(Class<?> type) {
    untouched = type;
  }

  @Override
  public byte[] transform(
      Module module,
      ClassLoader loader,
      String name,
      Class<?> redefinedClass,
      ProtectionDomain domain,
      byte[] file) {
    try {
      if (redefinedClass == null) {
        loading(loader, name, file);
        return null;
      }
      if (Thread.currentThread() != own) {
        redefining(loader, redefinedClass, file);
      }
      ClassPlans current = plans;
      return current == null || redefinedClass == untouched
          ? null
          : current.rewrite(redefinedClass, file);
    } catch (Throwable odd) {
      missed();
      shut(redefinedClass);
      return null;
    }
  }

  private void shut(Class<?> type) {
    try {
      ClassPlans current = plans;
      if (current != null && type != null) {
        current.shut(type);
      }
    } catch (Throwable outOfMemoryOrStack) {
      // the redefinition under way will fail for the same want
    }
  }

  private void loading(ClassLoader loader, String name, byte[] file) {
    ClassHeader header = ClassHeader.read(file);
    if (header == null) {
      return;
    }
    watch.defining(header, ClassHeader.key(header.name(), loader), LoadedWorld.crc(file), file);
    ClassPatterns wanted = include;
    LearnedSites learned = recalled;
    if (!(wanted.isEmpty() && learned.isEmpty()) && included.size() < MAX_WAITING) {
      // the virtual machine gives no name where the definer gave none
      String known = name == null ? new ClassReader(file).getClassName() : name;
      if (wanted.matches(known) || learned.has(known)) {
        included.add(known);
      }
    }
  }

  /** A class that no transformer sees, told of by the hook in its definer. */
  void hidden(byte[] file) {
    try {
      ClassHeader header = ClassHeader.read(file);
      if (header != null) {
        watch.defining(header, 0, 0, file);
      }
    } catch (Throwable odd) {
      missed();
    }
  }

  private void redefining(ClassLoader loader, Class<?> type, byte[] file) {
    ClassHeader header = ClassHeader.read(file);
    if (header == null) {
      missed();
      return;
    }
    long key = ClassHeader.key(header.name(), loader);
    redefined.add(redefined.size() < MAX_WAITING ? key : LoadedWorld.ANY);
    watch.redefining(header, key, type.getName());
  }

  /** What could not be looked at may break anything. */
  private void missed() {
    try {
      watch.breakAll("a class could not be looked at");
    } catch (Throwable outOfMemoryOrStack) {
      // the definition under way will fail for the same want
    }
  }
}

package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.proof.ClassWorld;
import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * The classes loaded in this virtual machine, as of the last {@link #refresh}.
 *
 * <p>A snapshot holds its classes strongly and lives for one round of proofs; {@link #release} ends
 * it. Nothing here makes a class load or initialise, but for a few of the JDK's that proofs have
 * missed, and those only when asked to ({@link #loadMissed}). One thread uses it.
 */
final class LoadedWorld implements ClassWorld, DependencyWatch.Seen {
  /** Fetches the bytes of a class as it runs, by way of a retransformation; null if it cannot. */
  interface Capture {
    byte[] bytes(Class<?> type);
  }

  private final Instrumentation instrumentation;
  private final DependencyWatch watch;
  private final Capture capture;
  private final boolean otherAgents;
  private final Supplier<Long> redefined;

  /** The key of no class. */
  static final long ANY = Long.MIN_VALUE;

  /** Loaded for proofs, in all: each costs some kilobytes and less than a millisecond. */
  private static final int MOST_LOADED = 64;

  private final LongTable changed = new LongTable();
  private final Set<String> missed = new LinkedHashSet<>();
  private int loadedForProofs;
  private Class<?>[] classes = {};
  private LongTable firstByName = new LongTable();
  private LongTable keys = new LongTable();
  private int[] nextOfName = {};
  private long sequence = -1;
  private long listedAt;
  private long lists;
  private boolean distrusted;
  private boolean distrustsAll;
  private final Map<TypeRef, List<TypeRef>> below = new HashMap<>();
  private final IdentityHashMap<ClassLoader, Set<Class<?>>> initiated = new IdentityHashMap<>();

  /**
   * @param otherAgents whether classes that were loaded before this agent came may differ from
   *     their files
   * @param redefined gives the {@link ClassHeader#key} of each class that somebody else has
   *     redefined, {@link #ANY} where it is not known which, then null
   */
  LoadedWorld(
      Instrumentation instrumentation,
      DependencyWatch watch,
      Capture capture,
      boolean otherAgents,
      Supplier<Long> redefined) {
    this.instrumentation = instrumentation;
    this.watch = watch;
    this.capture = capture;
    this.otherAgents = otherAgents;
    this.redefined = redefined;
  }

  /** Lists the loaded classes anew. */
  void refresh() {
    release();
    // the number first: what loads in between counts as not seen, and what is redefined before is
    // told of by now
    long before = watch.sequence();
    for (Long key = redefined.get(); key != null; key = redefined.get()) {
      distrust(key);
    }
    listedAt = System.nanoTime();
    lists++;
    Class<?>[] loaded = instrumentation.getAllLoadedClasses();
    LongTable names = new LongTable(loaded.length);
    LongTable loadedKeys = new LongTable(loaded.length);
    int[] next = new int[loaded.length];
    for (int i = 0; i < loaded.length; i++) {
      Class<?> type = loaded[i];
      if (!type.isArray()) {
        long name = ClassHeader.hash(type.getName());
        next[i] = names.get(name, -1);
        names.put(name, i);
        loadedKeys.put(ClassHeader.key(name, type.getClassLoader()), 1);
      }
    }
    classes = loaded;
    firstByName = names;
    keys = loadedKeys;
    nextOfName = next;
    sequence = before;
    watch.prune(this, loaded.length);
  }

  /** Lets go of every class. */
  void release() {
    classes = new Class<?>[0];
    nextOfName = new int[0];
    firstByName = new LongTable();
    keys = new LongTable();
    below.clear();
    initiated.clear();
    sequence = -1;
  }

  /** Whether there is a snapshot no class load has outdated. */
  boolean current() {
    return sequence >= 0 && sequence == watch.sequence();
  }

  /** Whether there is a snapshot, outdated or not. */
  boolean listed() {
    return sequence >= 0;
  }

  private void ensure() {
    if (sequence < 0) {
      refresh();
    }
  }

  @Override
  public long sequence() {
    ensure();
    return sequence;
  }

  @Override
  public boolean contains(long key) {
    return keys.contains(key);
  }

  @Override
  public long[] namesBelow(Dependency.Overrides dependency) {
    Collection<TypeRef> types = subtypes(dependency.type());
    long[] names = new long[types.size() + 1];
    names[0] = ClassHeader.hash(dependency.type().name());
    int i = 1;
    for (TypeRef type : types) {
      names[i++] = ClassHeader.hash(type.name());
    }
    return names;
  }

  /** The name and loader of a class. */
  static TypeRef reference(Class<?> type) {
    return new TypeRef(type.getName().replace('.', '/'), LoaderRef.of(type.getClassLoader()));
  }

  /** Every loaded class of this name, whatever its loader. */
  List<Class<?>> named(String name) {
    ensure();
    List<Class<?>> found = new ArrayList<>(1);
    String dotted = name.replace('/', '.');
    for (int i = firstByName.get(ClassHeader.hash(name), -1); i >= 0; i = nextOfName[i]) {
      if (classes[i].getName().equals(dotted)) {
        found.add(classes[i]);
      }
    }
    return found;
  }

  /** Every loaded class whose name the patterns match. */
  List<Class<?>> matching(ClassPatterns patterns) {
    ensure();
    List<Class<?>> found = new ArrayList<>();
    for (Class<?> type : classes) {
      if (!type.isArray() && patterns.matches(type.getName().replace('.', '/'))) {
        found.add(type);
      }
    }
    return found;
  }

  /** The class itself, or null where it is not loaded any more. */
  Class<?> find(TypeRef type) {
    ClassLoader loader = type.loader().get();
    if (loader == null && !type.loader().isBoot()) {
      return null;
    }
    for (Class<?> candidate : named(type.name())) {
      if (candidate.getClassLoader() == loader) {
        return candidate;
      }
    }
    return null;
  }

  @Override
  public Optional<TypeRef> resolve(TypeRef from, String internalName) {
    List<Class<?>> candidates = named(internalName);
    ClassLoader loader = from.loader().get();
    if (candidates.isEmpty() || (loader == null && !from.loader().isBoot())) {
      return Optional.empty();
    }
    for (Class<?> candidate : candidates) {
      if (candidate.getClassLoader() == loader) {
        return Optional.of(reference(candidate));
      }
    }
    if (loader == null) {
      return Optional.empty();
    }
    for (Class<?> candidate : candidates) {
      if (initiatedBy(loader).contains(candidate)) {
        return Optional.of(reference(candidate));
      }
    }
    return fromParents(loader, candidates);
  }

  /**
   * What a loader that asks its parents first would find. A loader that does not, and later defines
   * a class of this name itself, breaks the proof by that definition ({@link DependencyWatch}).
   */
  private static Optional<TypeRef> fromParents(ClassLoader loader, List<Class<?>> candidates) {
    if (candidates.size() > 1) {
      return Optional.empty(); // a loader that asks in another order finds another one
    }
    Class<?> found = null;
    for (ClassLoader up = loader; up != null; up = up.getParent()) {
      for (Class<?> candidate : candidates) {
        if (candidate.getClassLoader() == up) {
          found = candidate;
        }
      }
    }
    for (Class<?> candidate : candidates) {
      if (candidate.getClassLoader() == null) {
        found = candidate;
      }
    }
    return Optional.ofNullable(found).map(LoadedWorld::reference);
  }

  @Override
  public void missed(TypeRef from, String internalName) {
    if (from.loader().isBoot() && missed.size() < MOST_LOADED) {
      missed.add(internalName);
    }
  }

  /**
   * Loads what proofs have missed, without initializing it: code of the JDK that the program may
   * never come to run, such as what handles malformed input. Only classes of the boot loader, which
   * is nobody's own.
   */
  void loadMissed() {
    for (String name : missed) {
      if (loadedForProofs++ < MOST_LOADED) {
        try {
          Class.forName(name.replace('/', '.'), false, null);
        } catch (ClassNotFoundException | LinkageError notThere) {
          // the code that names it does not run either
        }
      }
    }
    missed.clear();
  }

  private Set<Class<?>> initiatedBy(ClassLoader loader) {
    Set<Class<?>> known = initiated.get(loader);
    if (known == null) {
      known = Collections.newSetFromMap(new IdentityHashMap<>());
      for (Class<?> type : instrumentation.getInitiatedClasses(loader)) {
        known.add(type);
      }
      initiated.put(loader, known);
    }
    return known;
  }

  @Override
  public Collection<TypeRef> subtypes(TypeRef type) {
    ensure();
    List<TypeRef> known = below.get(type);
    if (known == null) {
      known = new ArrayList<>();
      Class<?> top = find(type);
      if (top != null) {
        for (Class<?> candidate : classes) {
          if (top.isAssignableFrom(candidate) && !candidate.isArray()) {
            known.add(reference(candidate));
          }
        }
      }
      below.put(type, known);
    }
    return known;
  }

  @Override
  public Optional<byte[]> bytes(TypeRef type) {
    Class<?> loaded = find(type);
    if (loaded == null || loaded.isHidden()) {
      return Optional.empty();
    }
    long seen =
        watch.fingerprint(ClassHeader.key(ClassHeader.hash(type.name()), loaded.getClassLoader()));
    byte[] file = resource(loaded);
    boolean trusted = file != null && (seen < 0 ? !otherAgents : seen == checksum(file));
    return Optional.ofNullable(trusted && !changedByOthers(loaded) ? file : capture.bytes(loaded));
  }

  /** Every loaded class. */
  Class<?>[] all() {
    ensure();
    return classes;
  }

  private boolean changedByOthers(Class<?> type) {
    return distrustsAll
        || changed.contains(
            ClassHeader.key(ClassHeader.hash(type.getName()), type.getClassLoader()));
  }

  /** From now on the class file is not to be trusted: somebody has redefined the class. */
  void distrust(long key) {
    distrusted = true;
    distrustsAll |= key == ANY;
    changed.put(key, 1);
  }

  /** Whether any class file was found not to be trusted since this was asked last. */
  boolean takeDistrusted() {
    boolean any = distrusted;
    distrusted = false;
    return any;
  }

  /** How often the classes were listed. */
  long lists() {
    return lists;
  }

  @Override
  public long listedAt() {
    ensure();
    return listedAt;
  }

  static int crc(byte[] file) {
    CRC32 crc = new CRC32();
    crc.update(file, 0, file.length);
    return (int) crc.getValue();
  }

  private static long checksum(byte[] file) {
    return crc(file) & 0xFFFFFFFFL;
  }

  /** The class file, whatever has been made of it since; or null. */
  static byte[] resource(Class<?> type) {
    String path = type.getName().replace('.', '/').concat(".class");
    try (InputStream in = open(type, path)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException | RuntimeException | LinkageError unreadable) {
      // a loader is the application's code: whatever it does wrong, there is no file
      return null;
    }
  }

  private static InputStream open(Class<?> type, String path) throws IOException {
    if (type.getModule().isNamed()) {
      return type.getModule().getResourceAsStream(path);
    }
    ClassLoader loader = type.getClassLoader();
    return loader == null
        ? ClassLoader.getSystemResourceAsStream(path)
        : loader.getResourceAsStream(path);
  }
}

package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.site.Dependency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which proofs rest on which classes, asked at every class definition.
 *
 * <p>Classes are known here by the hash of their name alone, whatever their loader: a class of the
 * same name elsewhere then breaks a proof that did not mean it, which costs a second proof and
 * never soundness. It also covers loaders that later give code another class of a name than the one
 * the proof looked at.
 *
 * <p>No class may be missed between a proof and its registration, nor while a class has passed the
 * transformer but is not yet defined. Every definition is therefore written to a log under the same
 * lock under which proofs are registered, and a proof is registered only if no class of the log
 * that its snapshot of the loaded classes did not contain touches it.
 *
 * <p>The lock is taken inside class loading, so nothing may be loaded under it: no lambda, no class
 * that {@link #warmUp} has not used before.
 */
class DependencyWatch {
  /** A hidden class is never found by name; this long after it was announced it is defined. */
  private static final long HIDDEN_NANOS = 2_000_000_000L;

  /**
   * Told that what it rests on breaks, on the thread that loads the class, before it is defined.
   */
  interface Owner {
    /** Must be quick and must not load application classes. */
    void broken(Dependency dependency, String why);
  }

  /** What a registration must know of the loaded classes the proof has seen. */
  interface Seen {
    /** {@link DependencyWatch#sequence()} from before the loaded classes were listed. */
    long sequence();

    /** When they were listed, of {@link System#nanoTime}. */
    default long listedAt() {
      return System.nanoTime();
    }

    /** Whether the class with this {@link ClassHeader#key} was among them. */
    boolean contains(long key);

    /** Hashes of the names of all loaded classes below the dependency's type, itself included. */
    long[] namesBelow(Dependency.Overrides dependency);
  }

  private final Map<Long, List<Watched>> byName = new HashMap<>();
  private LongTable fingerprints = new LongTable();
  private final LoadLog log = new LoadLog(now());
  private final LongTable asking = new LongTable();
  private boolean unreadAsks;
  private LongTable watchedNames = new LongTable();
  private LongTable watchedAbove = new LongTable();
  private long loads;
  private long brokenAt;

  /** Uses everything once, so that no class is left to be loaded under the lock of a real watch. */
  static void warmUp(Dependency.Body body, Dependency.Overrides overrides, byte[] classFile) {
    DependencyWatch scratch = new DependencyWatch();
    Seen nothing =
        new Seen() {
          @Override
          public long sequence() {
            return 0;
          }

          @Override
          public boolean contains(long key) {
            return false;
          }

          @Override
          public long[] namesBelow(Dependency.Overrides dependency) {
            return new long[] {ClassHeader.hash(dependency.type().name())};
          }
        };
    Owner owner = (dependency, why) -> {};
    ClassHeader header = ClassHeader.read(classFile);
    scratch.watch(owner, Set.of(body, overrides), nothing);
    for (int i = 0; i < 100; i++) {
      scratch.defining(header, i, 0, classFile);
    }
    scratch.watch(owner, Set.of(body, overrides), nothing);
    scratch.redefining(header, 1, "warm");
    scratch.breakAll("warm");
    scratch.forget(owner);
    scratch.fingerprint(1);
    scratch.prune(nothing, 0);
  }

  /** Of {@link System#nanoTime}, or of a test's clock. */
  long now() {
    return System.nanoTime();
  }

  /** Highest number given to a class definition so far. */
  synchronized long sequence() {
    return log.sequence();
  }

  synchronized long loads() {
    return loads;
  }

  /** The checksum of the class as the transformer saw it at load, or -1 for a class it did not. */
  synchronized long fingerprint(long key) {
    return fingerprints.contains(key) ? fingerprints.get(key, 0) & 0xFFFFFFFFL : -1;
  }

  /**
   * Takes note of a class about to be defined and breaks what it breaks.
   *
   * @param key {@link ClassHeader#key}, or 0 for a hidden class
   */
  void defining(ClassHeader header, long key, int checksum, byte[] file) {
    synchronized (this) {
      loads++;
      if (key != 0) {
        fingerprints.put(key, checksum);
      }
      note(header, key);
      log.add(header, key, now());
      if (!watchedNames.contains(header.name()) && !anyOf(watchedAbove, header.above())) {
        return;
      }
    }
    // outside the lock: reading the class may load classes
    ClassText text = ClassText.read(file);
    tell(breaches(header, text));
  }

  private void note(ClassHeader header, long key) {
    if (header.asks() && key == 0) {
      unreadAsks = true;
    } else if (header.asks()) {
      asking.put(key, 1);
    }
  }

  /** Whether a class that came past may ask a string writer for its buffer. */
  synchronized boolean asks(long key) {
    return asking.contains(key);
  }

  /** The same of any that has no file to read: a hidden class, or one that was redefined. */
  synchronized boolean unreadAsks() {
    return unreadAsks;
  }

  /**
   * Forgets the checksums of classes that are gone, where they have become many: those neither
   * among the loaded nor defined a moment ago.
   *
   * @param loaded how many classes there are
   */
  synchronized void prune(Seen seen, int loaded) {
    if (fingerprints.size() < 2 * loaded) {
      return;
    }
    LongTable old = fingerprints;
    Kept kept = new Kept(old);
    for (int slot = 0; slot < old.slots(); slot++) {
      long key = old.keyAt(slot);
      if (key != 0 && seen.contains(key)) {
        kept.add(key);
      }
    }
    log.any(kept);
    fingerprints = kept.table;
  }

  /** Breaks what rests on the code of a class that somebody else redefines. */
  void redefining(ClassHeader header, long key, String name) {
    List<Breach> breaches = new ArrayList<>();
    synchronized (this) {
      // a proof under way may have read the old code, and so may one that is made while the new is
      // on its way: as with a hidden class, nobody can see when it is there
      log.add(header, 0, now());
      String why = "class ".concat(name).concat(" was redefined");
      addAll(breaches, header.name(), why);
      if (header.asks()) {
        unreadAsks = true;
        addAll(breaches, ClassHeader.ASKED_HASH, why);
      }
    }
    tell(breaches);
  }

  /** Breaks everything: a class may have come past unseen. */
  void breakAll(String why) {
    List<Breach> breaches = new ArrayList<>();
    synchronized (this) {
      brokenAt = log.skip();
      for (Long name : byName.keySet()) {
        addAll(breaches, name, why);
      }
    }
    tell(breaches);
  }

  /**
   * Registers what a proof rests on.
   *
   * @return whether it is watched from now on; false if the proof may be out of date already
   */
  boolean watch(Owner owner, Set<Dependency> dependencies, Seen seen) {
    List<Watched> fresh = new ArrayList<>();
    LongTable names = new LongTable();
    LongTable above = new LongTable();
    for (Dependency dependency : dependencies) {
      Watched watched = new Watched(owner, dependency, names(dependency, seen));
      fresh.add(watched);
      boolean hierarchy = dependency instanceof Dependency.Overrides;
      for (long name : watched.names) {
        names.put(name, 1);
        if (hierarchy) {
          above.put(name, 1);
        }
      }
    }
    Overtaken overtaken = new Overtaken(names, above, seen);
    synchronized (this) {
      if (seen.sequence() < brokenAt || log.any(overtaken)) {
        return false;
      }
      for (int i = 0; i < fresh.size(); i++) {
        Watched watched = fresh.get(i);
        for (long name : watched.names) {
          index(watched, name);
        }
      }
    }
    return true;
  }

  /** Forgets all that is watched for this owner. */
  synchronized void forget(Owner owner) {
    LongTable left = new LongTable();
    LongTable above = new LongTable();
    Iterator<Map.Entry<Long, List<Watched>>> entries = byName.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Long, List<Watched>> entry = entries.next();
      Iterator<Watched> each = entry.getValue().iterator();
      while (each.hasNext()) {
        Watched watched = each.next();
        if (watched.owner == owner) {
          each.remove();
        } else if (watched.dependency instanceof Dependency.Overrides) {
          above.put(entry.getKey(), 1);
        }
      }
      if (entry.getValue().isEmpty()) {
        entries.remove();
      } else {
        left.put(entry.getKey(), 1);
      }
    }
    watchedNames = left;
    watchedAbove = above;
  }

  private static void tell(List<Breach> breaches) {
    for (int i = 0; i < breaches.size(); i++) {
      Breach breach = breaches.get(i);
      breach.watched.owner.broken(breach.watched.dependency, breach.why);
    }
  }

  private static long[] names(Dependency dependency, Seen seen) {
    if (dependency instanceof Dependency.Overrides overrides) {
      return seen.namesBelow(overrides);
    }
    return new long[] {ClassHeader.hash(dependency.type().name())};
  }

  private void index(Watched watched, long name) {
    List<Watched> list = byName.get(name);
    if (list == null) {
      list = new ArrayList<>();
      byName.put(name, list);
    }
    list.add(watched);
    watchedNames.put(name, 1);
    if (watched.dependency instanceof Dependency.Overrides) {
      watchedAbove.put(name, 1);
    }
  }

  private void addAll(List<Breach> breaches, long name, String why) {
    List<Watched> list = byName.get(name);
    for (int i = 0; list != null && i < list.size(); i++) {
      breaches.add(new Breach(list.get(i), why));
    }
  }

  private synchronized List<Breach> breaches(ClassHeader header, ClassText text) {
    List<Breach> found = new ArrayList<>();
    addAll(found, header.name(), "another class of the name ".concat(text.name()));
    String why = "class ".concat(text.name()).concat(" loads");
    for (long name : header.above()) {
      List<Watched> above = byName.get(name);
      // by index: follow() may add to the list
      for (int j = 0; above != null && j < above.size(); j++) {
        Watched watched = above.get(j);
        if (watched.dependency instanceof Dependency.Overrides overrides) {
          if (harmless(watched, overrides, header, text)) {
            follow(watched, header.name());
          } else {
            found.add(new Breach(watched, why));
          }
        }
      }
    }
    return found;
  }

  /**
   * Whether a call of the method that reaches the new class can only run code that was loaded
   * before: it declares no such method, and all it inherits from is below the watched type already.
   */
  private boolean harmless(
      Watched watched, Dependency.Overrides overrides, ClassHeader header, ClassText text) {
    if (overrides.any() || text.mayDeclare(overrides.name(), overrides.descriptor())) {
      return false;
    }
    for (int i = 0; i < header.supers().length; i++) {
      if (!contains(watched.names, header.supers()[i]) && !text.superWithoutMethods(i)) {
        return false;
      }
    }
    // a class below this one may have come past already: it is asked for first, then its superclass
    return header.isFinal() || !log.anyBelow(header.name());
  }

  private void follow(Watched watched, long name) {
    if (!contains(watched.names, name)) {
      watched.names = Arrays.copyOf(watched.names, watched.names.length + 1);
      watched.names[watched.names.length - 1] = name;
      index(watched, name);
    }
  }

  private static boolean contains(long[] names, long name) {
    for (long each : names) {
      if (each == name) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyOf(LongTable names, long[] supers) {
    for (long name : supers) {
      if (names.contains(name)) {
        return true;
      }
    }
    return false;
  }

  private record Breach(Watched watched, String why) {}

  private static final class Watched {
    final Owner owner;
    final Dependency dependency;
    long[] names;

    Watched(Owner owner, Dependency dependency, long[] names) {
      this.owner = owner;
      this.dependency = dependency;
      this.names = names;
    }
  }

  /** Finds a definition that the proof cannot have seen and that touches what it rests on. */
  private static final class Overtaken implements LoadLog.Visitor {
    private final LongTable names;
    private final LongTable above;
    private final Seen seen;
    private final long listedAt;

    /**
     * @param names of classes of which no other may come
     * @param above names of classes below which none may come
     */
    Overtaken(LongTable names, LongTable above, Seen seen) {
      this.names = names;
      this.above = above;
      this.seen = seen;
      this.listedAt = seen.listedAt();
    }

    @Override
    public boolean visit(long sequence, long name, long key, long nanos, long[] supers) {
      boolean touches = names.contains(name) || anyOf(above, supers);
      boolean known =
          sequence <= seen.sequence()
              && (key == 0 ? listedAt - nanos > HIDDEN_NANOS : seen.contains(key));
      return touches && !known;
    }
  }

  /** Collects the checksums that are not to be forgotten. */
  private static final class Kept implements LoadLog.Visitor {
    final LongTable table = new LongTable();
    private final LongTable old;

    Kept(LongTable old) {
      this.old = old;
    }

    void add(long key) {
      table.put(key, old.get(key, 0));
    }

    @Override
    public boolean visit(long sequence, long name, long key, long nanos, long[] supers) {
      if (key != 0 && old.contains(key)) {
        add(key);
      }
      return false;
    }
  }
}

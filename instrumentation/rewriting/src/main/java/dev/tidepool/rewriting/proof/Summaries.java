package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.objectweb.asm.Opcodes;

/**
 * Summaries of methods, kept from one proof to the next.
 *
 * <p>Recursion is solved by rounds: a method met again while it is being summarised answers with
 * what is known of it so far, at first nothing; rounds follow until none learns anything new.
 */
final class Summaries {
  private static final int MOST_KEPT = 20_000;

  private final ClassFiles files;
  private final FieldStability stability;
  private final Calls calls;
  private final Budget budget;

  private final Map<Summary.Key, Summary> settled = new HashMap<>();
  private final Map<Dependency.Overrides, Integer> subtypesSeen = new HashMap<>();
  private final Set<Dependency> unwatched = new HashSet<>();
  private final Set<Dependency> watched = new HashSet<>();
  private boolean watching;
  private final Map<Summary.Key, Summary> current = new HashMap<>();
  private final Set<Summary.Key> visited = new HashSet<>();
  private final Set<Summary.Key> open = new HashSet<>();
  private boolean missing;
  private boolean provisional;
  private boolean changed;
  private int depth;

  Summaries(ClassFiles files, Contracts contracts, Budget budget) {
    this.files = files;
    this.budget = budget;
    this.stability = new FieldStability(files, contracts);
    this.calls = new Calls(files, contracts, this);
  }

  MethodFlow flow(
      ClassFiles.Found method, Summary.Key key, org.objectweb.asm.tree.AbstractInsnNode site) {
    return new MethodFlow(files, stability, calls, budget, method, key, site, false);
  }

  /**
   * A flow that tells the arrays apart which the method makes or gets from calls.
   *
   * @param conditional whether conditions on its arguments may be set
   */
  MethodFlow resultFlow(ClassFiles.Found method, TypeRef receiver, boolean conditional) {
    Summary.Key key = new Summary.Key(method.key(), receiver, 0, conditional);
    return new MethodFlow(files, stability, calls, budget, method, key, null, true);
  }

  /** A flow that follows what is read from a field, in an object of exactly the method's class. */
  MethodFlow fieldFlow(
      ClassFiles.Found method, Set<org.objectweb.asm.tree.AbstractInsnNode> reads) {
    Summary.Key key = new Summary.Key(method.key(), method.owner(), 0, true);
    return new MethodFlow(files, stability, calls, budget, method, key, null, false)
        .following(reads);
  }

  FieldStability stability() {
    return stability;
  }

  Calls calls() {
    return calls;
  }

  /** Runs rounds until nothing changes; what they found is then kept. */
  <T> T toFixpoint(Supplier<T> round) {
    if ((!watching && subtypesMoved()) || settled.size() > MOST_KEPT) {
      clear();
    }
    current.clear();
    depth = 0;
    files.takeMissed();
    T result;
    try {
      do {
        visited.clear();
        open.clear();
        provisional = false;
        changed = false;
        result = round.get();
      } while (provisional && changed);
      settle();
      return result;
    } finally {
      current.clear();
      visited.clear();
    }
  }

  /** Whether what was concluded last may be otherwise once a class is loaded that was missing. */
  boolean missedClasses() {
    return missing;
  }

  /** What the method does, as far as it is known in this round. */
  Summary of(Summary.Key key, ClassFiles.Found method) {
    Summary done = settled.get(key);
    if (done != null) {
      return done;
    }
    if (!visited.add(key)) {
      provisional |= open.contains(key);
      return current.get(key);
    }
    Summary known =
        current.computeIfAbsent(key, k -> new Summary(MethodFlow.arguments(method.node())));
    if (method.node().instructions.size() > Budget.LARGEST_METHOD) {
      Summary large =
          Summary.escaping(
              known.escapes.length,
              key.followed(),
              Escape.at(null, "passed to a very long method"));
      current.put(key, large);
      return large;
    }
    budget.enterMethod(++depth);
    open.add(key);
    try {
      Summary found = new Summary(known.escapes.length);
      found.join(known);
      found.join(flow(method, key, null).run());
      if (!found.sameEffect(known)) {
        changed = true;
      }
      current.put(key, found);
      return found;
    } finally {
      open.remove(key);
      depth--;
    }
  }

  /** Keeps what cannot become another answer by itself, nor rests on anything that can. */
  private void settle() {
    missing = files.takeMissed();
    if (missing) {
      return;
    }
    // what the last round did not come to may have been concluded from less than is known now
    current.keySet().retainAll(visited);
    Set<Summary.Key> passing = new HashSet<>();
    boolean more = true;
    while (more) {
      more = false;
      for (Map.Entry<Summary.Key, Summary> entry : current.entrySet()) {
        Summary summary = entry.getValue();
        boolean letOut = summary.letsOutAll(entry.getKey().followed());
        if (!passing.contains(entry.getKey())
            && (mayChange(summary) || (!letOut && rests(summary, passing)))) {
          more |= passing.add(entry.getKey());
        }
      }
    }
    current.forEach(
        (key, summary) -> {
          if (!passing.contains(key)) {
            settle(key, summary);
          }
        });
  }

  private boolean rests(Summary summary, Set<Summary.Key> passing) {
    for (Summary.Key callee : summary.callees) {
      boolean known = settled.containsKey(callee) || current.containsKey(callee);
      if (!known || passing.contains(callee)) {
        return true;
      }
    }
    return false;
  }

  private void settle(Summary.Key key, Summary summary) {
    settled.put(key, summary);
    for (Dependency dependency : summary.dependencies) {
      if (watching) {
        if (watched.add(dependency)) {
          unwatched.add(dependency);
        }
      } else if (dependency instanceof Dependency.Overrides overrides) {
        subtypesSeen.put(overrides, files.subtypes(overrides.type()).size());
      }
    }
  }

  /**
   * What the conclusions rest on that were kept since the last call. Whoever asks watches it from
   * now on, and has everything forgotten when it breaks; nothing is looked up for that here.
   */
  Set<Dependency> takeUnwatched() {
    Set<Dependency> taken = new HashSet<>(unwatched);
    unwatched.clear();
    return taken;
  }

  void areWatched() {
    watching = true;
  }

  private static boolean mayChange(Summary summary) {
    for (Escape escape : summary.escapes) {
      if (escape != null && escape.passing()) {
        return true;
      }
    }
    return false;
  }

  /** Whether classes have loaded since that kept summaries did not count on. */
  private boolean subtypesMoved() {
    for (Map.Entry<Dependency.Overrides, Integer> seen : subtypesSeen.entrySet()) {
      if (files.subtypes(seen.getKey().type()).size() != seen.getValue()) {
        return true;
      }
    }
    return false;
  }

  /** Everything these dependencies and callees rest on, through all calls. */
  Set<Dependency> closure(Set<Dependency> direct, Set<Summary.Key> callees) {
    Set<Dependency> all = new HashSet<>(direct);
    Set<Summary.Key> seen = new HashSet<>(callees);
    Deque<Summary.Key> work = new ArrayDeque<>(callees);
    while (!work.isEmpty()) {
      Summary.Key key = work.pop();
      Summary summary = settled.containsKey(key) ? settled.get(key) : current.get(key);
      if (summary != null) {
        all.addAll(summary.dependencies);
        for (Summary.Key callee : summary.callees) {
          if (seen.add(callee)) {
            work.push(callee);
          }
        }
      }
    }
    return all;
  }

  void forget(TypeRef type) {
    boolean touched =
        settled.values().stream()
            .anyMatch(s -> s.dependencies.stream().anyMatch(d -> d.type().equals(type)));
    files.forget();
    stability.forget();
    if (touched) {
      clear();
    }
  }

  void forgetAll() {
    files.forget();
    clear();
  }

  /** Drops conclusions; the code they were drawn from is as it was. */
  void forgetConclusions() {
    clear();
  }

  /** Drops what was looked up in the list of loaded classes, of which there is another one now. */
  void otherClasses() {
    stability.forget();
  }

  private void clear() {
    settled.clear();
    subtypesSeen.clear();
    unwatched.clear();
    watched.clear();
    stability.forget();
  }

  static boolean hasSubroutines(ClassFiles.Found method) {
    for (var insn : method.node().instructions) {
      if (insn.getOpcode() == Opcodes.JSR || insn.getOpcode() == Opcodes.RET) {
        return true;
      }
    }
    return false;
  }
}

package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.remedy.RewrittenClass;
import dev.tidepool.rewriting.remedy.SitePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.IntConsumer;

/**
 * What is to be rewritten in which class. A class is always rewritten from its original bytes and
 * the plans that stand here, so a plan withdrawn is a plan undone. Classes are held weakly; every
 * method may be called from any thread.
 */
final class ClassPlans {
  private final Map<Class<?>, Map<Slot, Planned>> plans = new WeakHashMap<>();
  private final Map<Class<?>, Map<Slot, Planned>> running = new WeakHashMap<>();
  private final Map<Integer, String> refused = new HashMap<>();
  private final ClassRewriter rewriter;
  private volatile IntConsumer shut = row -> {};

  ClassPlans(ClassRewriter rewriter) {
    this.rewriter = rewriter;
  }

  /** Told of each row whose code will not be as planned, before it is defined. */
  void onFailure(IntConsumer listener) {
    shut = listener;
  }

  /**
   * Plans one site, in place of what was planned for the same row in this method.
   *
   * @param digest {@link MethodDigest} of the code the plan was made for
   * @return whether the class's code is not as planned before
   */
  synchronized boolean add(Class<?> type, SitePlan plan, long digest) {
    Map<Slot, Planned> ofType = plans.get(type);
    if (ofType == null) {
      ofType = new HashMap<>();
      plans.put(type, ofType);
    }
    Planned next = new Planned(plan, digest);
    return !next.equals(ofType.put(new Slot(plan.id(), plan.method(), plan.descriptor()), next));
  }

  /** Withdraws the plans of a row; true if there were any. */
  synchronized boolean remove(Class<?> type, int row) {
    Map<Slot, Planned> ofType = plans.get(type);
    boolean present = ofType != null && ofType.keySet().removeIf(slot -> slot.row == row);
    if (present && ofType.isEmpty()) {
      plans.remove(type);
    }
    return present;
  }

  /** Whether the class may run something else than what is planned for it now. */
  synchronized boolean isPending(Class<?> type) {
    return !plans.getOrDefault(type, Map.of()).equals(running.getOrDefault(type, Map.of()));
  }

  /** The class has just been changed to what is planned for it. */
  synchronized void ran(Class<?> type) {
    Map<Slot, Planned> planned = plans.get(type);
    if (planned == null) {
      running.remove(type);
    } else {
      running.put(type, new HashMap<>(planned));
    }
  }

  /** Withdraws all plans for a class. */
  synchronized void removeAll(Class<?> type) {
    plans.remove(type);
  }

  /** Whether anything is planned for the class. */
  synchronized boolean has(Class<?> type) {
    return plans.containsKey(type);
  }

  /** Every class with a plan. */
  synchronized List<Class<?>> classes() {
    return new ArrayList<>(plans.keySet());
  }

  /** Rows whose plan could not be carried out since the last call, with the reason. */
  synchronized Map<Integer, String> drainRefused() {
    Map<Integer, String> drained = new HashMap<>(refused);
    refused.clear();
    return drained;
  }

  /** Shuts every row with a plan for the class, which is about to run without. */
  synchronized void shut(Class<?> type) {
    Map<Slot, Planned> ofType = plans.get(type);
    if (ofType != null) {
      for (Slot slot : ofType.keySet()) {
        shut.accept(slot.row);
      }
    }
  }

  /** The class file rewritten by plan, or null where nothing is planned or can be done. */
  byte[] rewrite(Class<?> type, byte[] file) {
    List<Planned> wanted;
    synchronized (this) {
      Map<Slot, Planned> ofType = plans.get(type);
      if (ofType == null) {
        return null;
      }
      wanted = new ArrayList<>(ofType.values());
      // it may be another agent who has the class changed, and nobody tells us whether it was
      running.computeIfAbsent(type, any -> new HashMap<>()).putAll(ofType);
    }
    Map<Integer, String> failed = new HashMap<>();
    List<SitePlan> fitting = new ArrayList<>();
    ClassCode code = ClassCode.read(file);
    for (Planned planned : wanted) {
      SitePlan plan = planned.plan;
      if (MethodDigest.of(code, plan.method(), plan.descriptor()) == planned.digest) {
        fitting.add(plan);
      } else {
        failed.put(plan.id(), "another agent changes this method");
      }
    }
    RewrittenClass result = rewriter.rewrite(file, fitting);
    failed.putAll(result.refused());
    if (!failed.isEmpty()) {
      failed.keySet().forEach(shut::accept);
      synchronized (this) {
        refused.putAll(failed);
      }
    }
    return result.classFile();
  }

  private record Slot(int row, String method, String descriptor) {}

  private record Planned(SitePlan plan, long digest) {}
}

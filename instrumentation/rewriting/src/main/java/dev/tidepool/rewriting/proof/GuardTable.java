package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Receivers that are proven not to keep the buffer they are handed.
 *
 * <p>A question (method, operands) has a list of judged classes, few in practice and searched in
 * order. A class may be allowed on condition that what it wraps is allowed too: then the fields are
 * read and the question goes on to the object found there. Classes are held weakly; what is needed
 * to read their fields hangs on the class itself.
 */
public final class GuardTable implements AutoCloseable {
  private static final int MOST_CLASSES = 64;
  private static final int MOST_PENDING = 256;
  private static final int DEEPEST_CHAIN = 8;

  /**
   * Stands for null in a field of the JDK where it stays, for it is final or nothing else is
   * written to it but by constructors: a call of it ends there. A stream that was read to its end
   * often lets go of what it wraps.
   */
  private static final Object ABSENT = new Object();

  /** Why a class is denied that nobody has looked at. */
  public static final String NOT_YET = "not judged yet";

  private static final String LOADING = "classes were loading while it was judged";
  private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int MOST_RETRIES = 8;

  /** One guard: go along the fields, then ask. */
  private record Guard(List<AccessPath.Field> fields, int question, boolean ofResult) {}

  private record Pending(int guard, JudgedClass judged) {}

  /** A class that was denied for what may pass, to be judged again. */
  private record Deferred(Pending pending, long due) {}

  private final Consumer<Class<?>> opener;
  private final Predicate<Set<Dependency>> restsOn;
  private final List<ReceiverQuestion> questions = new ArrayList<>();
  private final List<Guard> known = new ArrayList<>();
  private final Queue<Pending> pending = new ArrayDeque<>();
  private final List<Deferred> deferred = new ArrayList<>();
  private final FieldHandles handles = new FieldHandles();

  /** What the judgement under way rests on, and whether some of it broke since that was told. */
  private Set<TypeRef> judging = Set.of();

  private boolean overtaken;
  private volatile Guard[] guards = {};
  private volatile JudgedClass[][] judged = {};

  /**
   * @param opener makes the package of a class open to this module, so that its fields can be read
   * @param restsOn told what a judgement rests on before it takes effect; whoever watches class
   *     loading then calls {@link #invalidate} in time. Says whether nothing of it has moved since
   *     the judgement was made; otherwise it is made again
   */
  public GuardTable(Consumer<Class<?>> opener, Predicate<Set<Dependency>> restsOn) {
    this.opener = opener;
    this.restsOn = restsOn;
    warmUp();
  }

  /**
   * Has everything loaded that a question needs: the first one may be asked while a class of ours
   * is being read, and by the very loop that reads it.
   */
  private void warmUp() {
    Pending nobody = new Pending(-1, new JudgedClass(Object.class));
    JudgedClass judgedClass = nobody.judged();
    if (judgedClass.allowed() || judgedClass.innerGuards().length + nobody.guard() >= 0) {
      throw new IllegalStateException("allowed before it was judged");
    }
    handles.of(Object.class, judgedClass.slot());
    handles.remove(Object.class);
  }

  /** The guard that asks this of the operand at the condition's root; made once. */
  synchronized int guard(Condition condition) {
    return guard(condition.path().fields(), condition.question());
  }

  private int guard(List<AccessPath.Field> fields, ReceiverQuestion question) {
    int q = questions.indexOf(question);
    if (q < 0) {
      q = questions.size();
      questions.add(question);
    }
    Guard guard = new Guard(fields, q, question.isOfResult());
    int id = known.indexOf(guard);
    if (id < 0) {
      id = known.size();
      known.add(guard);
      JudgedClass[][] grown = java.util.Arrays.copyOf(judged, id + 1);
      grown[id] = new JudgedClass[0];
      judged = grown;
      guards = known.toArray(new Guard[0]);
    }
    return id;
  }

  /**
   * Whether the object may be handed the buffer, or has made it. Any thread; never throws. A class
   * not judged yet is a no, and is queued.
   */
  public boolean allows(Object operand, int guard) {
    try {
      // a call on nothing is handed nothing; it makes nothing either
      return operand == null ? !guards[guard].ofResult() : allows(operand, guard, 0);
    } catch (Throwable doubt) {
      return false;
    }
  }

  private boolean allows(Object operand, int guard, int depth) throws Throwable {
    if (operand == null || depth > DEEPEST_CHAIN) {
      return false;
    }
    Class<?> type = operand.getClass();
    for (JudgedClass one : judged[guard]) {
      if (one.is(type)) {
        return one.allowed() && conditionsHold(operand, one, depth);
      }
    }
    if (judged[guard].length < MOST_CLASSES) {
      enqueue(type, guard);
    }
    return false;
  }

  private boolean conditionsHold(Object operand, JudgedClass one, int depth) throws Throwable {
    int[] inner = one.innerGuards();
    if (inner.length == 0) {
      return true;
    }
    MethodHandle[][] paths = handles.of(operand.getClass(), one.slot());
    if (paths == null) {
      return false;
    }
    for (int i = 0; i < inner.length; i++) {
      Object found = operand;
      for (MethodHandle field : paths[i]) {
        if (found == null || found == ABSENT) {
          break;
        }
        found = (Object) field.invokeExact(found);
      }
      if (found != ABSENT && !allows(found, inner[i], depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private synchronized void enqueue(Class<?> type, int guard) {
    JudgedClass[] row = judged[guard];
    for (JudgedClass one : row) {
      if (one.is(type)) {
        return;
      }
    }
    if (pending.size() >= MOST_PENDING) {
      return;
    }
    List<JudgedClass> grown = new ArrayList<>(row.length + 1);
    for (JudgedClass one : row) {
      if (!one.collected()) {
        grown.add(one);
      }
    }
    if (grown.size() < MOST_CLASSES) {
      JudgedClass fresh = new JudgedClass(type);
      grown.add(fresh);
      JudgedClass[][] table = judged.clone();
      table[guard] = grown.toArray(new JudgedClass[0]);
      judged = table;
      pending.add(new Pending(guard, fresh));
    }
  }

  /** A class that the guard's question was answered with no for, and why; or null. */
  public String denial(int guard) {
    for (JudgedClass one : judged[guard]) {
      Class<?> type = one.type();
      if (type != null && !one.allowed() && !one.reason().isEmpty()) {
        return type.getName() + ": " + one.reason();
      }
      for (int inner : one.innerGuards()) {
        String deeper = inner == guard ? null : denial(inner);
        if (deeper != null) {
          return deeper;
        }
      }
    }
    return null;
  }

  /**
   * Judges queued classes, and again those that were denied for what may have passed; true if there
   * were any. Analysis thread only.
   */
  public boolean decidePending(Supplier<EscapeProof> proofs, long now) {
    boolean any = false;
    takeDue(now);
    for (Pending next = poll(); next != null; next = poll()) {
      Class<?> type = next.judged().type();
      if (type != null) {
        EscapeProof proof = proofs.get();
        try {
          decide(proof, next, type, now);
        } catch (RuntimeException overtaken) {
          proof.forgetAll();
          denyForNow(next, "what it rests on could not be watched", now);
        }
        any = true;
      }
    }
    return any;
  }

  private synchronized void takeDue(long now) {
    for (Iterator<Deferred> each = deferred.iterator(); each.hasNext(); ) {
      Deferred one = each.next();
      if (one.due() - now <= 0) {
        each.remove();
        pending.add(one.pending());
      }
    }
  }

  /** A no that stands for good where it comes again and again: each costs a proof. */
  private synchronized void denyForNow(Pending next, String reason, long now) {
    JudgedClass one = next.judged();
    one.deny(reason);
    if (one.passingDenials < MOST_RETRIES && deferred.size() < MOST_PENDING) {
      deferred.add(new Deferred(next, now + (FIRST_RETRY_NANOS << one.passingDenials++)));
    }
  }

  private synchronized Pending poll() {
    return pending.poll();
  }

  private synchronized void begin(Set<TypeRef> types) {
    judging = types;
    overtaken = false;
  }

  private static Set<TypeRef> types(Set<Dependency> dependencies) {
    Set<TypeRef> types = new HashSet<>();
    dependencies.forEach(dependency -> types.add(dependency.type()));
    return types;
  }

  private void decide(EscapeProof proof, Pending next, Class<?> type, long now) {
    if (next.judged().allowed()) {
      return; // it was queued twice
    }
    if (type.isHidden()) {
      next.judged().deny("a hidden class, such as a lambda");
      return;
    }
    Guard guard = guards[next.guard()];
    TypeRef name =
        new TypeRef(type.getName().replace('.', '/'), LoaderRef.of(type.getClassLoader()));
    ReceiverQuestion question;
    synchronized (this) {
      question = questions.get(guard.question());
    }
    if (!guard.fields().isEmpty()) {
      // what lies along the fields is asked for itself; the way there is all this class decides
      begin(Set.of());
      if (!allow(next.judged(), type, List.of(inner(guard.fields(), question)), Set.of())) {
        denyForNow(next, LOADING, now);
      }
      return;
    }
    EscapeProof.Judgement judgement = proof.judge(name, question);
    if (!judgement.allowed()) {
      if (judgement.passing()) {
        denyForNow(next, judgement.reason(), now);
      } else {
        next.judged().deny(judgement.reason());
      }
      return;
    }
    // what breaks from here on until the answer is given is seen by invalidate
    begin(types(judgement.on()));
    if (!restsOn.test(judgement.on())) {
      // watched by now, so judged again and anew: a class that loaded before is seen this time
      proof.forgetAll();
      EscapeProof.Judgement again = proof.judge(name, question);
      if (!again.allowed() || !again.on().equals(judgement.on())) {
        denyForNow(next, LOADING, now);
        return;
      }
      judgement = again;
    }
    List<Inner> inner = new ArrayList<>();
    for (Condition condition : judgement.conditions()) {
      inner.add(inner(condition.path().fields(), condition.question()));
    }
    if (!allow(next.judged(), type, inner, judgement.on())) {
      denyForNow(next, LOADING, now);
    }
  }

  private record Inner(List<AccessPath.Field> fields, int guard) {}

  private synchronized Inner inner(List<AccessPath.Field> fields, ReceiverQuestion question) {
    return new Inner(fields, guard(List.of(), question));
  }

  /** Whether nothing that it rests on broke meanwhile. */
  private boolean allow(JudgedClass one, Class<?> type, List<Inner> inner, Set<Dependency> on) {
    int[] ids = new int[inner.size()];
    MethodHandle[][] paths = new MethodHandle[inner.size()][];
    try {
      for (int i = 0; i < ids.length; i++) {
        ids[i] = inner.get(i).guard();
        paths[i] = path(inner.get(i).fields());
      }
    } catch (ReflectiveOperationException | RuntimeException closed) {
      one.deny("the stream it wraps cannot be looked at");
      return true;
    }
    int slot = ids.length == 0 ? -1 : handles.add(type, paths);
    return publish(one, ids, slot, types(on));
  }

  private synchronized boolean publish(JudgedClass one, int[] inner, int slot, Set<TypeRef> on) {
    if (!overtaken) {
      one.allow(inner, slot, on);
    }
    judging = Set.of();
    return !overtaken;
  }

  private MethodHandle[] path(List<AccessPath.Field> fields) throws ReflectiveOperationException {
    MethodHandle[] path = new MethodHandle[fields.size()];
    for (int i = 0; i < path.length; i++) {
      AccessPath.Field field = fields.get(i);
      Class<?> owner =
          Class.forName(field.owner().sourceName(), false, field.owner().loader().get());
      opener.accept(owner);
      Field declared = owner.getDeclaredField(field.name());
      path[i] =
          MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
              .unreflectGetter(declared)
              .asType(MethodType.methodType(Object.class, Object.class));
      if (owner.getClassLoader() == null && field.fixed()) {
        path[i] = MethodHandles.filterReturnValue(path[i], orAbsent());
      }
    }
    return path;
  }

  /** Of types of the JDK alone, as all that hangs on a class. */
  private static MethodHandle orAbsent() throws ReflectiveOperationException {
    MethodType type = MethodType.methodType(Object.class, Object.class, Object.class);
    MethodHandle orElse =
        MethodHandles.publicLookup().findStatic(Objects.class, "requireNonNullElse", type);
    return MethodHandles.insertArguments(orElse, 1, ABSENT);
  }

  /**
   * Withdraws each judgement that rests on this class or on what is loaded below it.
   *
   * @return the guards that may have said yes because of it: sites that use them must drop what
   *     they hold now
   */
  public synchronized Set<Integer> invalidate(TypeRef type) {
    Set<Integer> affected = new HashSet<>();
    overtaken |= judging.contains(type);
    JudgedClass[][] table = judged;
    for (int guard = 0; guard < table.length; guard++) {
      for (JudgedClass one : table[guard]) {
        if (one.restsOn(type)) {
          one.withdraw();
          affected.add(guard);
          pending.add(new Pending(guard, one));
        }
      }
    }
    for (boolean grew = !affected.isEmpty(); grew; ) {
      grew = false;
      for (int guard = 0; guard < table.length; guard++) {
        for (JudgedClass one : table[guard]) {
          for (int inner : one.innerGuards()) {
            grew |= affected.contains(inner) && affected.add(guard);
          }
        }
      }
    }
    return affected;
  }

  /** Why a class was not allowed under a guard, for people: one line a class. */
  public List<String> refusals(int guard) {
    List<String> lines = new ArrayList<>();
    for (JudgedClass one : judged[guard]) {
      Class<?> type = one.type();
      if (type != null && !one.allowed()) {
        lines.add(type.getName() + ": " + one.reason());
      }
    }
    return lines;
  }

  /** Takes from the judged classes what was hung on them. */
  @Override
  public synchronized void close() {
    for (JudgedClass[] row : judged) {
      for (JudgedClass one : row) {
        Class<?> type = one.type();
        one.deny("the agent is detached");
        if (type != null) {
          handles.remove(type);
        }
      }
    }
  }
}

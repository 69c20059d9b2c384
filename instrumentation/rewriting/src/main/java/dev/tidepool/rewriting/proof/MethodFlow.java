package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/**
 * The flow of followed values through one method.
 *
 * <p>Followed are some of the arguments, the site where one is being proven, and every object made
 * in the method that comes to hold a followed value (a carrier): what lets a carrier out lets out
 * what it holds, whenever in the method it came to hold it. When a new carrier appears the method
 * is gone through again with that object followed from its creation on.
 */
final class MethodFlow {
  /** A guard wanted before a call of the method under proof. */
  record Ask(AbstractInsnNode call, Condition condition) {}

  private final ClassFiles files;
  private final Calls calls;
  private final Budget budget;
  private final FieldStability stability;
  final ClassFiles.Found method;
  final Summary.Key key;
  private final AbstractInsnNode site;

  private final MadeObjects objects;
  private final OwnedArrays arrays;
  private final OwnerPuts owners;
  private final SiteReturns returns;
  private final Fates fates = new Fates();
  private final boolean siteIsOwner;
  private final int[] argumentOfLocal;
  private final int arguments;
  private final long followedArguments;
  private long carriers;
  private long letOut;
  private boolean again;
  private boolean collecting;
  private long allReturned;
  private Set<Ask> asks = new LinkedHashSet<>();

  /** Calls that may keep what they are handed where they throw, guarded ones too; and what. */
  private final Map<AbstractInsnNode, Long> keepingOnThrow = new LinkedHashMap<>();

  private final Paths paths;
  private Summary summary;
  private FlowFrames frames;

  /** What a site makes that is the call of one of the {@link Factories}. */
  private TypeRef madeByCall;

  /** Reads of a field that are followed as the site's array is. */
  private Set<AbstractInsnNode> reads = Set.of();

  MethodFlow(
      ClassFiles files,
      FieldStability stability,
      Calls calls,
      Budget budget,
      ClassFiles.Found method,
      Summary.Key key,
      AbstractInsnNode site,
      boolean results) {
    this.files = files;
    this.stability = stability;
    this.calls = calls;
    this.budget = budget;
    this.method = method;
    this.key = key;
    this.site = site;
    this.paths = new Paths(method.code(), method.node());
    Type[] types = Type.getArgumentTypes(method.node().desc);
    int receiver = method.is(Opcodes.ACC_STATIC) ? 0 : 1;
    arguments = types.length + receiver;
    argumentOfLocal = new int[method.node().maxLocals + 1];
    int local = receiver;
    for (int i = 0; i < types.length; i++) {
      argumentOfLocal[local] = i + receiver;
      local += types[i].getSize();
    }
    long followed = 0;
    for (int k = 0; k < arguments && k < Origins.MAX_ARGUMENTS; k++) {
      if ((key.followed() & 1 << k) != 0) {
        followed |= Origins.argument(k);
      }
    }
    followedArguments = followed;
    siteIsOwner = site != null && (site.getOpcode() == Opcodes.NEW || Factories.made(site) != null);
    long ofOwners = siteIsOwner ? Origins.SITE : 0;
    for (int mask = key.owners(); mask != 0; mask &= mask - 1) {
      ofOwners |= Origins.argument(Integer.numberOfTrailingZeros(mask));
    }
    objects = new MadeObjects(files, method, site);
    arrays = new OwnedArrays(method.node(), objects.count(), site, results);
    owners = new OwnerPuts(arrays, ofOwners, siteIsOwner, key.leading());
    returns = new SiteReturns(method.node(), siteIsOwner ? null : site);
    carriers = results ? arrays.all() : 0;
  }

  static int arguments(MethodNode method) {
    return Type.getArgumentTypes(method.desc).length
        + ((method.access & Opcodes.ACC_STATIC) == 0 ? 1 : 0);
  }

  /** Has what these instructions read from a field followed as if it were made there. */
  MethodFlow following(Set<AbstractInsnNode> readsOfField) {
    reads = readsOfField;
    return this;
  }

  /** Says what the site makes, which is the call of a method that makes an object of this class. */
  MethodFlow making(TypeRef type) {
    madeByCall = type;
    return this;
  }

  /** Whether this is the method a proof is about, and not one that it calls. */
  boolean proving() {
    return site != null || !reads.isEmpty();
  }

  /** Runs to the fixpoint and says what happens to the followed arguments. */
  Summary run() {
    if (siteIsOwner) {
      objects.refuseFinalizer(Origins.SITE, fates);
    }
    do {
      again = false;
      summary = new Summary(arguments);
      summary.dependencies.add(new Dependency.Body(method.owner()));
      owners.begin(summary);
      asks = new LinkedHashSet<>();
      keepingOnThrow.clear();
      collecting = false;
      OriginInterpreter interpreter = new OriginInterpreter(this);
      try {
        String name = method.owner().name();
        frames =
            new FlowFrames(method.node(), new Analyzer<>(interpreter).analyze(name, method.node()));
        collecting = true;
        frames.replay(interpreter);
      } catch (LetOut out) {
        return out.summary;
      } catch (AnalyzerException e) {
        if (e.getCause() instanceof Budget.Spent spent) {
          throw spent;
        }
        if (e.getCause() instanceof LetOut out) {
          return out.summary;
        }
        throw new Budget.Spent("its code cannot be followed");
      }
    } while (again);
    fates.spread(arrays, objects::describe);
    owners.settle(fates, followed(), followedHolders());
    fates.tell(summary);
    return summary;
  }

  // what the site's own proof asks after run()

  Escape siteEscape() {
    Escape escape = fates.escape(Origins.SITE);
    if (escape == null && (fates.isReturned(Origins.SITE) || returns.always(frames.at(site)))) {
      return Escape.at(place(site), "returned to the caller");
    }
    if (escape == null && fates.isKept(Origins.SITE)) {
      return Escape.at(place(site), "stored in an object that came from outside");
    }
    return escape == null ? handedTooEarly() : escape;
  }

  /** Whether the site's object is all that the method returns, and stays with nobody else. */
  boolean madeForCaller() {
    return fates.escape(Origins.SITE) == null
        && !fates.isKept(Origins.SITE)
        && fates.isReturned(Origins.SITE)
        && !summary.returnsOther
        && asks.isEmpty()
        && keepingOnThrow.isEmpty();
  }

  /**
   * A guard that says no drops what there is then, and so does a call that throws: what is handed
   * over must not come to hold an array that is made later.
   */
  private Escape handedTooEarly() {
    for (Map.Entry<AbstractInsnNode, Long> handed : keepingOnThrow.entrySet()) {
      AbstractInsnNode call = handed.getKey();
      long given = fates.reachedFrom(handed.getValue()) & ~Origins.SITE;
      if (given != 0 && paths.code().reaches(call, site) && !isForgotten(call, given)) {
        return Escape.at(place(call), "what may hold it is handed over before it is made");
      }
    }
    return null;
  }

  /** Whether the method may return the site's array itself, and something else. */
  boolean maybeReturned() {
    return returns.itself();
  }

  /** Whether several arrays of the site may live at once, held by something made here. */
  boolean severalHeld() {
    return !siteIsOwner
        && fates.leadingTo(Origins.SITE) != Origins.SITE
        && paths.code().reaches(site, site)
        && !deadWhenReachedAgain();
  }

  Set<Ask> asks() {
    return asks;
  }

  /** The calls of the method under proof that may keep what is followed where they throw. */
  Set<AbstractInsnNode> keepingOnThrow() {
    return keepingOnThrow.keySet();
  }

  /** Where this method may go. */
  Paths paths() {
    return paths;
  }

  /** What was put into the site's owner. */
  Set<Summary.Put> putsIntoOwner() {
    return summary.puts;
  }

  /**
   * The instructions that make what the method returns, if it returns nothing but primitive arrays
   * that nobody else has; else null. Of a flow that tells arrays apart.
   */
  List<AbstractInsnNode> returnedArrays() {
    if ((allReturned & ~arrays.all()) != 0 || again) {
      return null;
    }
    List<AbstractInsnNode> makers = new ArrayList<>();
    for (long left = allReturned; left != 0; left &= left - 1) {
      long array = Long.lowestOneBit(left);
      if (fates.escape(array) != null || fates.isKept(array)) {
        return null;
      }
      makers.add(arrays.maker(array));
    }
    return makers;
  }

  /** How many bits of {@link Origins} the objects made in the method have. */
  int objects() {
    return objects.count();
  }

  /** What locals and stack held at the end. */
  FlowFrames frames() {
    return frames;
  }

  /** Fields that were found to lead back to an owner, those known before among them or not. */
  Set<String> leadingFound() {
    return summary.leading;
  }

  /** Whether nothing that may still be read leads to the site's array of the round before. */
  boolean deadWhenReachedAgain() {
    return isForgotten(site, Origins.SITE);
  }

  /**
   * Whether on every way from the instruction to the site there comes a moment at which nothing
   * that may still be read leads to what has these origins: from then on nothing ever does.
   */
  private boolean isForgotten(AbstractInsnNode since, long origins) {
    long leading = fates.leadingTo(origins);
    if (frames.isDeadAt(site, leading)) {
      return true;
    }
    for (AbstractInsnNode maker : objects.makers(leading)) {
      if (maker != site
          && paths.code().reaches(since, maker)
          && !paths.code().reaches(since, site, maker)
          && frames.isDeadAt(maker, leading)) {
        return true;
      }
    }
    return false;
  }

  // told by the interpreter

  OriginValue argument(int local, Type type) {
    boolean receiver = local == 0 && !method.is(Opcodes.ACC_STATIC);
    int k = receiver ? 0 : argumentOfLocal[local];
    long origin =
        k < Origins.MAX_ARGUMENTS && (key.followed() & 1 << k) != 0
            ? Origins.argument(k)
            : Origins.UNKNOWN;
    return new OriginValue(
        1,
        origin,
        type.getDescriptor(),
        receiver ? key.receiver() : key.exact().get(k),
        AccessPath.argument(k),
        owners.has(origin));
  }

  /** Ends a proof that has taken too long. */
  void checkBudget() {
    budget.check();
  }

  OriginValue made(AbstractInsnNode insn, String type) {
    budget.check();
    TypeRef exact =
        type.charAt(0) == 'L'
            ? files.resolve(method.owner(), type.substring(1, type.length() - 1)).orElse(null)
            : null;
    return new OriginValue(1, objects.madeBy(insn), type, exact, null, insn == site);
  }

  OriginValue madePrimitiveArray(AbstractInsnNode insn) {
    int operand = ((org.objectweb.asm.tree.IntInsnNode) insn).operand;
    String type = OriginInterpreter.primitiveArray(operand);
    return new OriginValue(1, insn == site ? Origins.SITE : arrays.madeBy(insn), type, null, null);
  }

  OriginValue readField(FieldInsnNode insn, OriginValue holder) {
    Type type = Type.getType(insn.desc);
    if (type.getSort() < Type.ARRAY) {
      return type.getSize() == 2 ? OriginValue.TWO_WORDS : OriginValue.WORD;
    }
    if (reads.contains(insn)) {
      return new OriginValue(1, Origins.SITE, insn.desc, null, null);
    }
    long leads = leadsNowhere(insn.desc) ? 0 : holder.origins() & ~Origins.UNKNOWN;
    if (holder.whole()) {
      leads = owners.ledTo(field(insn), insn.desc, leads);
    }
    AccessPath path = null;
    if (holder.path() != null && key.conditional()) {
      AccessPath.Field field = stability.stable(method.owner(), insn, holder, this);
      path = field == null ? null : holder.path().then(field);
    }
    return new OriginValue(1, leads | Origins.UNKNOWN, insn.desc, null, path);
  }

  /**
   * A field by the class that declares it. That of a class not loaded here may be any: it may be
   * inherited.
   */
  private String field(FieldInsnNode insn) {
    TypeRef named = files.resolve(method.owner(), insn.owner).orElse(null);
    TypeRef declaring = named == null ? null : files.fieldOwner(named, insn.name, insn.desc);
    return declaring == null
        ? OwnedArrays.ANY_FIELD
        : declaring.name() + "." + insn.name + " " + insn.desc;
  }

  /** An array without elements that everybody shares has nothing to share. */
  OriginValue readStatic(FieldInsnNode insn) {
    boolean empty =
        OriginValue.isPrimitiveArray(insn.desc)
            && stability.isEmptyConstant(method.owner(), insn, this);
    return empty
        ? new OriginValue(1, 0, insn.desc, null, null)
        : OriginInterpreter.of(Type.getType(insn.desc));
  }

  OriginValue readElement(OriginValue array) {
    long leads = array.origins() & ~Origins.UNKNOWN;
    String type =
        array.type() != null && array.type().startsWith("[") ? array.type().substring(1) : null;
    return new OriginValue(1, leads | Origins.UNKNOWN, type, null, null);
  }

  void storedInStatic(FieldInsnNode insn, OriginValue value) {
    escapes(value, insn, "stored in field " + ClassFiles.simple(insn.owner) + "." + insn.name);
  }

  void storedInField(FieldInsnNode insn, OriginValue holder, OriginValue value) {
    if (stability.memo(method.owner(), insn)) {
      return;
    }
    putInto(insn, field(insn), insn.desc, holder, value);
    putElsewhere(insn, holder, value);
    stored(
        value,
        holder,
        Escape.at(
            place(insn), "stored in field " + ClassFiles.simple(insn.owner) + "." + insn.name));
  }

  void storedInArray(AbstractInsnNode insn, OriginValue array, OriginValue value) {
    putElsewhere(insn, array, value);
    stored(value, array, Escape.at(place(insn), "stored in an array"));
  }

  void returned(OriginValue value) {
    if (collecting) {
      fates.returned(returns.unseen(value, followed()));
      allReturned |= value.origins();
      // an object made here that holds nothing followed is to the caller one like any other
      long fresh = Origins.FRESH | arrays.all();
      summary.returnsUnknown |= (value.origins() & ~followed() & ~fresh) != 0;
      summary.returnsOther |= value.origins() != 0 && !owners.isOwner(value);
      summary.returns(value.path(), value.exact());
    }
  }

  void thrown(AbstractInsnNode insn, OriginValue value) {
    escapes(value, insn, "thrown with an exception");
  }

  void locked(AbstractInsnNode insn, OriginValue value) {
    boolean carrier = value.type() != null && !value.type().startsWith("[");
    if (!carrier) {
      escapes(value, insn, "used as a lock");
    }
  }

  OriginValue called(AbstractInsnNode insn, List<OriginValue> operands) {
    budget.check();
    if (OriginValue.isOnNull(insn, operands)) {
      return nothing(Type.getReturnType(((MethodInsnNode) insn).desc));
    }
    if (insn == site && siteIsOwner) {
      return madeByCall((MethodInsnNode) insn, operands);
    }
    int mask = 0;
    for (int k = 0; k < operands.size(); k++) {
      if ((operands.get(k).origins() & followed()) != 0) {
        mask |= 1 << k;
      }
    }
    if (owners.among(operands) != 0) {
      // what an owner is given may become its own: it has to be told from what comes from outside
      for (int k = 0; k < operands.size(); k++) {
        mask |= (operands.get(k).origins() & arrays.all()) != 0 ? 1 << k : 0;
      }
    }
    if (insn instanceof InvokeDynamicInsnNode dynamic) {
      for (OriginValue operand : operands) {
        escapes(
            operand, insn, "captured by a lambda or joined into a string (" + dynamic.name + ")");
      }
      return result(Type.getReturnType(dynamic.desc), Origins.UNKNOWN);
    }
    MethodInsnNode call = (MethodInsnNode) insn;
    Type type = Type.getReturnType(call.desc);
    if (mask == 0) {
      return arrays.madeBy(call) == 0
          ? got(call, operands, type)
          : result(madeType(call, type), arrays.madeBy(call));
    }
    if (operands.size() > Origins.MAX_ARGUMENTS) {
      mask = (1 << Origins.MAX_ARGUMENTS) - 1;
      for (OriginValue operand : operands) {
        escapes(operand, insn, "passed among too many arguments");
      }
      return result(type, Origins.UNKNOWN);
    }
    Summary effect = calls.judge(this, call, operands, mask);
    stopWhereLetOut(call, operands, effect);
    OriginValue result = apply(call, operands, effect, type);
    long made = arrays.madeBy(call);
    if (made == 0) {
      return result;
    }
    // unless it certainly is a copy, what the call returns may be what it was given or holds
    long given = OwnedArrays.copies(call) ? 0 : result.origins() & followed();
    return result(madeType(call, type), made | given);
  }

  private OriginValue madeByCall(MethodInsnNode call, List<OriginValue> operands) {
    for (OriginValue operand : operands) {
      escapes(operand, call, "passed to " + Names.call(call));
    }
    String type = "L" + madeByCall.name() + ";";
    return new OriginValue(1, Origins.SITE, type, madeByCall, null, true);
  }

  /** What a call returns that is given nothing followed: perhaps what stands in a field. */
  private OriginValue got(MethodInsnNode call, List<OriginValue> operands, Type type) {
    OriginValue result = result(type, Origins.UNKNOWN);
    boolean along =
        key.conditional()
            && type.getSort() == Type.OBJECT
            && operands.size() == 1
            && operands.get(0).path() != null;
    Summary getter = along ? calls.getter(this, call, operands) : null;
    if (getter == null || getter.returnedPath == null) {
      return result;
    }
    if (collecting) {
      summary.callees.addAll(getter.callees);
    }
    AccessPath read = lift(getter.returnedPath, operands);
    return read == null ? result : result.readFrom(read);
  }

  /** A copy has the type of what it copies, also where it is returned as an Object. */
  private static Type madeType(MethodInsnNode call, Type returned) {
    return call.name.equals("clone") ? Type.getObjectType(call.owner) : returned;
  }

  /** Which operands are owners, certainly and without anything else among their origins. */
  int owners(List<OriginValue> operands) {
    return owners.among(operands);
  }

  Set<String> leading() {
    return key.leading();
  }

  private void putInto(
      AbstractInsnNode insn, String field, String type, OriginValue holder, OriginValue value) {
    if (collecting) {
      carriers |= owners.put(insn, field, type, holder, value, followed());
      again |= arrays.moved();
    }
  }

  private void putElsewhere(AbstractInsnNode insn, OriginValue holder, OriginValue value) {
    if (collecting && (value.origins() & arrays.all()) != 0) {
      String field = insn instanceof FieldInsnNode put ? field(put) : "";
      owners.putElsewhere(insn, field, holder, value);
      again |= arrays.moved();
    }
  }

  /**
   * Once everything that is followed is let out, the rest of the method adds nothing: origins only
   * grow from here on. What it calls may be thousands of methods.
   */
  private void stopWhereLetOut(MethodInsnNode call, List<OriginValue> operands, Summary effect) {
    if (proving() || key.owners() != 0 || followedArguments == 0) {
      return;
    }
    Escape how = null;
    for (int k = 0; k < operands.size(); k++) {
      Escape inside = effect.escapes[k];
      if (inside != null) {
        letOut |= operands.get(k).origins() & followedArguments;
        how = inside.place() == null ? atCall(inside, call) : inside.through(step(call));
      }
    }
    if (how != null && letOut == followedArguments) {
      throw new LetOut(Summary.escaping(arguments, key.followed(), how));
    }
  }

  /** Ends the analysis of a method early. */
  private static final class LetOut extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Summary summary;

    LetOut(Summary summary) {
      super("let out", null, false, false);
      this.summary = summary;
    }
  }

  private OriginValue apply(
      MethodInsnNode call, List<OriginValue> operands, Summary effect, Type type) {
    long origins = effect.returnsUnknown ? Origins.UNKNOWN : 0;
    boolean onThrow = effect.keptOnThrow != 0 || !effect.conditions.isEmpty();
    boolean caught = collecting && onThrow && !proving() && paths.catches(call);
    if (collecting && onThrow && proving()) {
      keepingOnThrow.merge(call, handed(operands), (a, b) -> a | b);
    }
    for (int k = 0; k < operands.size(); k++) {
      OriginValue operand = operands.get(k);
      if ((effect.keptOnThrow & 1 << k) != 0) {
        keptOnThrow(call, operand, caught);
      }
      if (effect.escapes[k] != null && collecting) {
        Escape inside = effect.escapes[k];
        escapes(
            operand, inside.place() == null ? atCall(inside, call) : inside.through(step(call)));
      }
      for (int into = effect.storedInto[k]; into != 0; into &= into - 1) {
        int j = Integer.numberOfTrailingZeros(into);
        putElsewhere(call, operands.get(j), operand);
        stored(operand, operands.get(j), keptBy(call, effect.storedHow[k]));
      }
      if ((effect.returned & 1 << k) != 0) {
        origins |= operand.origins();
      }
    }
    applyPuts(call, operands, effect);
    if (collecting) {
      for (Condition condition : effect.conditions) {
        if (proving()) {
          asks.add(new Ask(call, condition));
        } else {
          summary.conditions.add(lift(caught ? condition.evenOnThrow() : condition, operands));
        }
      }
      summary.callees.addAll(effect.callees);
      summary.dependencies.addAll(effect.dependencies);
    }
    if (leadsNowhere(type.getDescriptor())) {
      return result(type, Origins.UNKNOWN);
    }
    // nothing known is nothing but an array made there, whatever it is returned as; or null
    boolean fresh = origins == 0 && type.getSort() >= Type.ARRAY;
    OriginValue result = result(type, fresh ? Origins.FRESH : origins);
    if (owners.isOwnerItself(type, origins, effect)) {
      return OwnerPuts.itself(result, operands);
    }
    result = result.ofClass(effect.returnedExact);
    AccessPath read = effect.returnedPath == null ? null : lift(effect.returnedPath, operands);
    return read == null ? result : result.readFrom(read);
  }

  private long handed(List<OriginValue> operands) {
    long handed = 0;
    for (OriginValue operand : operands) {
      handed |= operand.origins() & followed();
    }
    return handed;
  }

  private void applyPuts(MethodInsnNode call, List<OriginValue> operands, Summary effect) {
    if (!collecting) {
      return;
    }
    for (Summary.Put put : effect.puts) {
      OriginValue holder = operands.get(put.holder());
      if (put.value() >= 0) {
        putInto(call, put.field(), "[B", holder, operands.get(put.value()));
      } else {
        owners.putInside(put, holder);
      }
    }
    summary.leading.addAll(effect.leading);
  }

  /** What is thrown here leaves the method, unless it is caught: then it goes on all the same. */
  private void keptOnThrow(MethodInsnNode call, OriginValue operand, boolean caught) {
    if (caught) {
      escapes(operand, call, "kept by " + Names.call(call) + " where it throws, which is caught");
    } else if (collecting && !proving()) {
      fates.keptOnThrow(operand.origins() & followed());
    }
  }

  private Escape keptBy(MethodInsnNode call, Escape how) {
    return how == null
        ? Escape.at(place(call), "kept by " + Names.call(call) + " in an object from outside")
        : how.through(step(call));
  }

  private String step(MethodInsnNode call) {
    return "passed to " + Names.call(call) + " at " + place(call);
  }

  private Escape atCall(Escape inside, MethodInsnNode call) {
    return new Escape(place(call), inside.what(), inside.steps(), inside.passing());
  }

  /** Whether the condition can be put in terms of this method's own arguments. */
  boolean canLift(Condition condition, List<OriginValue> operands) {
    return lifted(condition, operands) != null;
  }

  /** The condition in terms of what can be asked here, or null where that cannot be. */
  Condition lifted(Condition condition, List<OriginValue> operands) {
    if (proving()) {
      return condition; // asked at the call itself
    }
    return key.conditional() ? lift(condition, operands) : null;
  }

  private static Condition lift(Condition condition, List<OriginValue> operands) {
    AccessPath whole = lift(condition.path(), operands);
    return whole == null ? null : new Condition(whole, condition.question());
  }

  private static AccessPath lift(AccessPath path, List<OriginValue> operands) {
    AccessPath outer = operands.get(path.root()).path();
    return outer == null ? null : outer.then(path.fields());
  }

  /** What a call returns that does not return. */
  private static OriginValue nothing(Type type) {
    return type.getSort() >= Type.ARRAY ? OriginValue.NULL : result(type, 0);
  }

  private static OriginValue result(Type type, long origins) {
    return switch (type.getSort()) {
      case Type.VOID -> OriginValue.WORD;
      case Type.LONG, Type.DOUBLE -> OriginValue.TWO_WORDS;
      case Type.OBJECT, Type.ARRAY -> new OriginValue(1, origins, type.getDescriptor(), null, null);
      default -> OriginValue.WORD;
    };
  }

  /** Types whose objects can neither be a primitive array nor lead to one that is shared. */
  private boolean leadsNowhere(String descriptor) {
    return switch (descriptor) {
      // code of the JDK can make a string of an array without a copy; to all other code it copies
      case "Ljava/lang/String;" -> !method.owner().loader().isBoot();
      case "Ljava/lang/Class;", "Ljava/lang/Integer;", "Ljava/lang/Long;", "Ljava/lang/Boolean;" ->
          true;
      default -> false;
    };
  }

  /** Followed arguments that something can be put into a field of: all but primitive arrays. */
  private long followedHolders() {
    Type[] types = Type.getArgumentTypes(method.node().desc);
    long holders = followedArguments;
    for (int i = 0; i < types.length && arguments - types.length + i < Origins.MAX_ARGUMENTS; i++) {
      if (OriginValue.isPrimitiveArray(types[i].getDescriptor())) {
        holders &= ~Origins.argument(arguments - types.length + i);
      }
    }
    return holders;
  }

  private long followed() {
    return followedArguments | carriers | (proving() ? Origins.SITE : 0);
  }

  private void escapes(OriginValue value, AbstractInsnNode insn, String what) {
    if (collecting && (value.origins() & followed()) != 0) {
      escapes(value, Escape.at(place(insn), what));
    }
  }

  private void escapes(OriginValue value, Escape escape) {
    if (collecting) {
      fates.escape(value.origins() & followed(), escape);
    }
  }

  private void stored(OriginValue value, OriginValue holder, Escape ifOutside) {
    long stored = value.origins() & followed();
    if (stored == 0) {
      return;
    }
    for (long into = holder.origins(); into != 0; into &= into - 1) {
      long origin = Long.lowestOneBit(into);
      int argument = Origins.argumentIndex(origin);
      if (origin == Origins.UNKNOWN) {
        if (!proving() && holder.path() != null && holder.path().isArgument()) {
          fates.keptIn(stored, holder.path().root(), ifOutside);
        } else {
          escapes(value, ifOutside);
        }
      } else if (argument >= 0) {
        fates.keptIn(stored, argument, ifOutside);
      } else {
        fates.heldBy(origin, stored);
        if (Origins.isObject(origin) && (carriers & origin) == 0) {
          carriers |= origin;
          again = true;
          objects.refuseFinalizer(origin, fates);
        }
      }
    }
  }

  String place(AbstractInsnNode insn) {
    return method.place(insn);
  }

  void restsOn(Dependency dependency) {
    summary.dependencies.add(dependency);
  }
}

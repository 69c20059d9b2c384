package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;

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

  private final IdentityHashMap<AbstractInsnNode, Long> made = new IdentityHashMap<>();
  private final OwnedArrays arrays;
  private final boolean siteIsOwner;
  private final long ownerOrigins;
  private final int[] argumentOfLocal;
  private final int arguments;
  private final long followedArguments;
  private long carriers;
  private boolean again;
  private boolean collecting;

  private final Escape[] escapes = new Escape[Long.SIZE];
  private final int[] storedInto = new int[Long.SIZE];
  private final Escape[] storedHow = new Escape[Long.SIZE];
  private final long[] holds = new long[Long.SIZE];
  private long returned;
  private long allReturned;
  private Set<Ask> asks = new LinkedHashSet<>();
  private final Set<DistantPut> puts = new LinkedHashSet<>();
  private Summary summary;
  private Frame<OriginValue>[] frames;

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
    siteIsOwner = site != null && site.getOpcode() == Opcodes.NEW;
    long owners = siteIsOwner ? Origins.SITE : 0;
    for (int mask = key.owners(); mask != 0; mask &= mask - 1) {
      owners |= Origins.argument(Integer.numberOfTrailingZeros(mask));
    }
    ownerOrigins = owners;
    arrays = new OwnedArrays(method.node(), numberObjects(), site, results);
    carriers = results ? arrays.all() : 0;
  }

  private int numberObjects() {
    int n = 0;
    for (AbstractInsnNode insn : method.node().instructions) {
      switch (insn.getOpcode()) {
        case Opcodes.NEW, Opcodes.ANEWARRAY, Opcodes.MULTIANEWARRAY ->
            made.put(insn, insn == site ? Origins.SITE : Origins.object(n++));
        default -> {}
      }
    }
    return n;
  }

  static int arguments(MethodNode method) {
    return Type.getArgumentTypes(method.desc).length
        + ((method.access & Opcodes.ACC_STATIC) == 0 ? 1 : 0);
  }

  /** Runs to the fixpoint and says what happens to the followed arguments. */
  Summary run() {
    if (siteIsOwner) {
      refuseFinalizer(Origins.SITE);
    }
    do {
      again = false;
      summary = new Summary(arguments);
      summary.dependencies.add(new Dependency.Body(method.owner()));
      puts.clear();
      asks = new LinkedHashSet<>();
      collecting = false;
      analyze();
      collecting = true;
      collect();
    } while (again);
    spreadFromCarriers();
    settlePuts();
    for (int k = 0; k < Math.min(arguments, Origins.MAX_ARGUMENTS); k++) {
      int bit = Long.numberOfTrailingZeros(Origins.argument(k));
      summary.escapes[k] = escapes[bit];
      summary.storedInto[k] = storedInto[bit];
      summary.storedHow[k] = storedHow[bit];
      if ((returned & 1L << bit) != 0) {
        summary.returned |= 1 << k;
      }
    }
    return summary;
  }

  private void analyze() {
    try {
      frames =
          new Analyzer<>(new OriginInterpreter(this)).analyze(method.owner().name(), method.node());
    } catch (AnalyzerException e) {
      if (e.getCause() instanceof Budget.Spent spent) {
        throw spent;
      }
      throw new Budget.Spent("its code cannot be followed");
    }
  }

  private void collect() {
    OriginInterpreter interpreter = new OriginInterpreter(this);
    for (int i = 0; i < frames.length; i++) {
      AbstractInsnNode insn = method.node().instructions.get(i);
      if (frames[i] != null && insn.getOpcode() >= 0) {
        try {
          new Frame<OriginValue>(frames[i]).execute(insn, interpreter);
        } catch (AnalyzerException e) {
          throw new Budget.Spent("its code cannot be followed");
        }
      }
    }
  }

  /**
   * What lets a carrier out lets out what it holds, and an array of an owner lets out the owner.
   */
  private void spreadFromCarriers() {
    boolean changed = true;
    while (changed) {
      changed = spreadFromArrays();
      for (int o = 0; o < holds.length; o++) {
        for (long held = holds[o]; held != 0; held &= held - 1) {
          int x = Long.numberOfTrailingZeros(held);
          if (escapes[o] != null && escapes[x] == null) {
            escapes[x] = escapes[o].through("held by " + describe(o));
            changed = true;
          }
          if ((storedInto[x] | storedInto[o]) != storedInto[x]) {
            storedInto[x] |= storedInto[o];
            storedHow[x] = storedHow[x] == null ? storedHow[o] : storedHow[x];
            changed = true;
          }
          if ((returned & 1L << o) != 0 && (returned & 1L << x) == 0) {
            returned |= 1L << x;
            changed = true;
          }
        }
      }
    }
  }

  private boolean spreadFromArrays() {
    boolean changed = false;
    for (long left = arrays.all(); left != 0; left &= left - 1) {
      long array = Long.lowestOneBit(left);
      int a = Long.numberOfTrailingZeros(array);
      for (long of = arrays.ownersOf(array); of != 0; of &= of - 1) {
        long owner = Long.lowestOneBit(of);
        int o = Long.numberOfTrailingZeros(owner);
        int argument = Origins.argumentIndex(owner);
        int elsewhere = storedInto[a] & ~(argument < 0 ? 0 : 1 << argument) & ~storedInto[o];
        if (escapes[a] != null && escapes[o] == null) {
          escapes[o] = escapes[a].through("an array of its own");
          changed = true;
        }
        if ((returned & array) != 0 && (returned & owner) == 0) {
          returned |= owner;
          changed = true;
        }
        if (elsewhere != 0) {
          storedInto[o] |= elsewhere;
          storedHow[o] = storedHow[o] == null ? storedHow[a] : storedHow[o];
          changed = true;
        }
      }
    }
    return changed;
  }

  // what the site's own proof asks after run()

  Escape siteEscape() {
    int bit = Long.numberOfTrailingZeros(Origins.SITE);
    if (escapes[bit] == null && (returned & Origins.SITE) != 0) {
      return Escape.at(place(site), "returned to the caller");
    }
    if (escapes[bit] == null && storedInto[bit] != 0) {
      return Escape.at(place(site), "stored in an object that came from outside");
    }
    return escapes[bit];
  }

  Set<Ask> asks() {
    return asks;
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
      int bit = Long.numberOfTrailingZeros(left);
      if (escapes[bit] != null || storedInto[bit] != 0) {
        return null;
      }
      makers.add(arrays.maker(1L << bit));
    }
    return makers;
  }

  /** What a call of this method's is given, as far as it is reached; else null. */
  List<OriginValue> operands(MethodInsnNode call) {
    Frame<OriginValue> frame = frames[method.node().instructions.indexOf(call)];
    if (frame == null) {
      return null;
    }
    int count =
        Type.getArgumentTypes(call.desc).length
            + (call.getOpcode() == Opcodes.INVOKESTATIC ? 0 : 1);
    List<OriginValue> operands = new ArrayList<>();
    for (int i = frame.getStackSize() - count; i < frame.getStackSize(); i++) {
      operands.add(frame.getStack(i));
    }
    return operands;
  }

  /** Fields that were found to lead back to an owner, those known before among them or not. */
  Set<String> leadingFound() {
    return summary.leading;
  }

  /**
   * The one call of a constructor that makes the site's object whole, with that object also left on
   * the stack behind the call; null where it is not so plain.
   */
  MethodInsnNode construction() {
    MethodInsnNode found = null;
    for (int i = 0; i < frames.length; i++) {
      if (frames[i] != null
          && method.node().instructions.get(i) instanceof MethodInsnNode call
          && call.getOpcode() == Opcodes.INVOKESPECIAL
          && call.name.equals("<init>")) {
        int below = frames[i].getStackSize() - 1 - Type.getArgumentTypes(call.desc).length;
        if ((frames[i].getStack(below).origins() & Origins.SITE) == 0) {
          continue;
        }
        boolean left =
            below > 0
                && frames[i].getStack(below - 1).equals(frames[i].getStack(below))
                && frames[i].getStack(below).origins() == Origins.SITE;
        if (found != null || !left) {
          return null;
        }
        found = call;
      }
    }
    return found;
  }

  /** Whether nothing that may still be read leads to the site's array of the round before. */
  boolean deadWhenReachedAgain() {
    long leads = Origins.SITE;
    for (long before = 0; before != leads; ) {
      before = leads;
      for (int o = 0; o < holds.length; o++) {
        if ((holds[o] & leads) != 0) {
          leads |= 1L << o;
        }
      }
    }
    int index = method.node().instructions.indexOf(site);
    Frame<OriginValue> frame = frames[index];
    if (frame == null) {
      return true;
    }
    BitSet live = new Liveness(method.node()).liveAt(index);
    for (int local = live.nextSetBit(0); local >= 0; local = live.nextSetBit(local + 1)) {
      if (local < frame.getLocals() && (frame.getLocal(local).origins() & leads) != 0) {
        return false;
      }
    }
    for (int slot = 0; slot < frame.getStackSize(); slot++) {
      if ((frame.getStack(slot).origins() & leads) != 0) {
        return false;
      }
    }
    return true;
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
        receiver ? key.receiver() : null,
        AccessPath.argument(k),
        (origin & ownerOrigins) != 0);
  }

  OriginValue made(AbstractInsnNode insn, String type) {
    budget.check();
    TypeRef exact =
        type.charAt(0) == 'L'
            ? files.resolve(method.owner(), type.substring(1, type.length() - 1)).orElse(null)
            : null;
    return new OriginValue(1, made.get(insn), type, exact, null, insn == site);
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
    long leads = leadsNowhere(insn.desc) ? 0 : holder.origins() & ~Origins.UNKNOWN;
    if (holder.whole() && !mayLeadBack(insn)) {
      leads &= ~ownerOrigins;
    }
    AccessPath path = null;
    if (holder.path() != null && key.conditional()) {
      AccessPath.Field field = stability.stable(method.owner(), insn, holder, this);
      path = field == null ? null : holder.path().then(field);
    }
    return new OriginValue(1, leads | Origins.UNKNOWN, insn.desc, null, path);
  }

  /** What an owner leads to is its own arrays, and itself where it was put into itself. */
  private boolean mayLeadBack(FieldInsnNode insn) {
    String field = field(insn);
    return OriginValue.isPrimitiveArray(insn.desc)
        || field.equals(OwnedArrays.ANY_FIELD)
        || key.leading().contains(field)
        || key.leading().contains(field + OwnedArrays.OTHER_OWNER)
        || key.leading().contains(OwnedArrays.ANY_FIELD)
        || key.leading().contains(OwnedArrays.ANY_FIELD + OwnedArrays.OTHER_OWNER);
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
        OriginValue.isPrimitiveArray(insn.desc) && stability.isEmptyConstant(method.owner(), insn);
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
    putIntoOwner(insn, field(insn), insn.desc, holder, value);
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
      returned |= value.origins() & followed();
      allReturned |= value.origins();
      // an object made here that holds nothing followed is to the caller one like any other
      long fresh = Origins.FRESH | arrays.all();
      summary.returnsUnknown |= (value.origins() & ~followed() & ~fresh) != 0;
      summary.returnsOther |= value.origins() != 0 && !isOwner(value);
      summary.returns(value.path());
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
    int mask = 0;
    for (int k = 0; k < operands.size(); k++) {
      if ((operands.get(k).origins() & followed()) != 0) {
        mask |= 1 << k;
      }
    }
    int owners = owners(operands);
    if (owners != 0) {
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
    OriginValue result = apply(call, operands, effect, type);
    long made = arrays.madeBy(call);
    if (made == 0) {
      return result;
    }
    // unless it certainly is a copy, what the call returns may be what it was given or holds
    long given = OwnedArrays.copies(call) ? 0 : result.origins() & followed();
    return result(madeType(call, type), made | given);
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
    int mask = 0;
    for (int k = 0; k < operands.size() && k < Origins.MAX_ARGUMENTS; k++) {
      OriginValue operand = operands.get(k);
      boolean owner = operand.whole() && (operand.origins() & ownerOrigins) != 0;
      mask |= owner && (operand.origins() & ~ownerOrigins) == 0 ? 1 << k : 0;
    }
    return mask;
  }

  Set<String> leading() {
    return key.leading();
  }

  /**
   * Notes what is put into an owner: an array made for it becomes its own, another does not; and
   * what leads back to the owner makes the field one that does.
   */
  private void putIntoOwner(
      AbstractInsnNode insn, String field, String type, OriginValue holder, OriginValue value) {
    if (!collecting || value.isNull() || (holder.origins() & followed()) == 0) {
      return;
    }
    boolean array = OriginValue.isPrimitiveArray(type) || field.equals(OwnedArrays.ANY_FIELD);
    boolean leads = !OriginValue.isPrimitiveArray(type) && (value.origins() & followed()) != 0;
    if (!isOwner(holder)) {
      // some object that may lead to an owner, or be one among others
      if (array && !putForItAlone(insn, field, holder, value)) {
        puts.add(new DistantPut(holder.origins(), field));
      }
      if (leads) {
        summary.leading.add(field + OwnedArrays.OTHER_OWNER);
      }
      return;
    }
    long owners = holder.origins();
    if (leads) {
      boolean itself = value.whole() && value.origins() == owners && Long.bitCount(owners) == 1;
      summary.leading.add(itself ? field : field + OwnedArrays.OTHER_OWNER);
    }
    if (array) {
      putArray(insn, field, owners, value);
    }
  }

  private void putArray(AbstractInsnNode insn, String field, long owners, OriginValue value) {
    long own = value.origins() & arrays.all();
    int from = argumentOnly(value);
    boolean once = arrays.put(own, owners, insn, field);
    // what the owner's maker puts there may be a site of its own, which gives it back too
    boolean itsOwn = (value.origins() & ~own) == 0 && once && !siteIsOwner;
    int kind = itsOwn ? Summary.Put.OWN : from >= 0 ? from : Summary.Put.FOREIGN;
    followOwn(own);
    notePuts(owners, field, kind);
  }

  /** Whether the array was made for the one object it is put into, owner or not. */
  private boolean putForItAlone(
      AbstractInsnNode insn, String field, OriginValue holder, OriginValue value) {
    long own = value.origins() & arrays.all();
    boolean once = arrays.put(own, holder.origins() & followed(), insn, field);
    followOwn(own);
    return once && value.origins() == own && !siteIsOwner;
  }

  /** Notes an array put where no owner is: an owner it is put into too has it not for itself. */
  private void putElsewhere(AbstractInsnNode insn, OriginValue holder, OriginValue value) {
    if (collecting && !isOwner(holder) && (value.origins() & arrays.all()) != 0) {
      String field = insn instanceof FieldInsnNode put ? field(put) : "";
      arrays.put(value.origins() & arrays.all(), 0, insn, field);
      again |= arrays.moved();
    }
  }

  private void followOwn(long own) {
    carriers |= own;
    again |= arrays.moved();
  }

  private void notePuts(long owners, String field, int kind) {
    for (long left = owners; left != 0; left &= left - 1) {
      int holderArgument = Origins.argumentIndex(Long.lowestOneBit(left));
      summary.puts.add(new Summary.Put(holderArgument, field, kind));
    }
  }

  /** Whether the value certainly is an owner, one of those known here. */
  private boolean isOwner(OriginValue value) {
    return value.whole() && value.origins() != 0 && (value.origins() & ~ownerOrigins) == 0;
  }

  /** An array put into something that may lead to owners: what it leads to is known at the end. */
  private record DistantPut(long holders, String field) {}

  private void settlePuts() {
    for (DistantPut put : puts) {
      long reached = put.holders() & followed();
      for (long before = 0; before != reached; ) {
        before = reached;
        for (int o = 0; o < holds.length; o++) {
          boolean holder = (reached & 1L << o) != 0;
          reached |= holder ? holds[o] : 0;
          for (int into = storedInto[o]; into != 0; into &= into - 1) {
            long argument = Origins.argument(Integer.numberOfTrailingZeros(into));
            reached |= (reached & argument) != 0 ? 1L << o : 0;
          }
        }
      }
      reached &= followedArguments | (siteIsOwner ? Origins.SITE : 0);
      notePuts(reached, put.field(), Summary.Put.FOREIGN);
    }
  }

  /** The one followed argument that the value is, if it is an array and nothing else; or -1. */
  private int argumentOnly(OriginValue value) {
    long origins = value.origins();
    boolean one = Long.bitCount(origins) == 1 && (origins & ownerOrigins) == 0;
    return one ? Origins.argumentIndex(origins) : -1;
  }

  private OriginValue apply(
      MethodInsnNode call, List<OriginValue> operands, Summary effect, Type type) {
    long origins = effect.returnsUnknown ? Origins.UNKNOWN : 0;
    for (int k = 0; k < operands.size(); k++) {
      OriginValue operand = operands.get(k);
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
        if (site != null) {
          asks.add(new Ask(call, condition));
        } else {
          summary.conditions.add(lift(condition, operands));
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
    if (isOwnerItself(type, origins, effect)) {
      return itself(result, operands);
    }
    AccessPath read = effect.returnedPath == null ? null : lift(effect.returnedPath, operands);
    return read == null ? result : result.readFrom(read);
  }

  /** What an owner leads to is arrays and itself: a call that returns no array returns itself. */
  private boolean isOwnerItself(Type type, long origins, Summary effect) {
    return origins != 0
        && !effect.returnsOther
        && (origins & ~ownerOrigins) == 0
        && key.leading().stream().noneMatch(field -> field.endsWith(OwnedArrays.OTHER_OWNER))
        && !key.leading().contains(OwnedArrays.ANY_FIELD)
        && type.getSort() == Type.OBJECT
        && switch (type.getInternalName()) {
          case "java/lang/Object", "java/lang/Cloneable", "java/io/Serializable" -> false;
          default -> true;
        };
  }

  private static OriginValue itself(OriginValue value, List<OriginValue> operands) {
    TypeRef exact = null;
    for (OriginValue operand : operands) {
      exact = operand.whole() && operand.origins() == value.origins() ? operand.exact() : exact;
    }
    return new OriginValue(1, value.origins(), value.type(), exact, null, true);
  }

  private void applyPuts(MethodInsnNode call, List<OriginValue> operands, Summary effect) {
    if (!collecting) {
      return;
    }
    for (Summary.Put put : effect.puts) {
      OriginValue holder = operands.get(put.holder());
      if (put.value() >= 0) {
        putIntoOwner(call, put.field(), "[B", holder, operands.get(put.value()));
      } else if (isOwner(holder)) {
        notePuts(holder.origins(), put.field(), put.value());
      } else {
        puts.add(new DistantPut(holder.origins(), put.field()));
      }
    }
    summary.leading.addAll(effect.leading);
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
    if (site != null) {
      return true;
    }
    return key.conditional() && lift(condition, operands) != null;
  }

  private static Condition lift(Condition condition, List<OriginValue> operands) {
    AccessPath whole = lift(condition.path(), operands);
    return whole == null ? null : new Condition(whole, condition.question());
  }

  private static AccessPath lift(AccessPath path, List<OriginValue> operands) {
    AccessPath outer = operands.get(path.root()).path();
    return outer == null ? null : outer.then(path.fields());
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

  private long followed() {
    return followedArguments | carriers | (site == null ? 0 : Origins.SITE);
  }

  private void escapes(OriginValue value, AbstractInsnNode insn, String what) {
    if (collecting && (value.origins() & followed()) != 0) {
      escapes(value, Escape.at(place(insn), what));
    }
  }

  private void escapes(OriginValue value, Escape escape) {
    if (!collecting) {
      return;
    }
    for (long out = value.origins() & followed(); out != 0; out &= out - 1) {
      int bit = Long.numberOfTrailingZeros(out);
      if (escapes[bit] == null) {
        escapes[bit] = escape;
      }
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
        if (site == null && holder.path() != null && holder.path().isArgument()) {
          keptIn(stored, holder.path().root(), ifOutside);
        } else {
          escapes(value, ifOutside);
        }
      } else if (argument >= 0) {
        keptIn(stored, argument, ifOutside);
      } else {
        holds[Long.numberOfTrailingZeros(origin)] |= stored & ~origin;
        if (Origins.isObject(origin) && (carriers & origin) == 0) {
          carriers |= origin;
          again = true;
          refuseFinalizer(origin);
        }
      }
    }
  }

  private void keptIn(long stored, int argument, Escape how) {
    for (long out = stored; out != 0; out &= out - 1) {
      int bit = Long.numberOfTrailingZeros(out);
      storedInto[bit] |= 1 << argument;
      storedHow[bit] = storedHow[bit] == null ? how : storedHow[bit];
    }
  }

  /** A finalizer sees its object after the method is done with it. */
  private void refuseFinalizer(long origin) {
    made.forEach(
        (insn, made) -> {
          if (made == origin && insn.getOpcode() == Opcodes.NEW) {
            TypeRef type =
                files
                    .resolve(method.owner(), ((org.objectweb.asm.tree.TypeInsnNode) insn).desc)
                    .orElse(null);
            ClassFiles.Found finalizer = type == null ? null : files.find(type, "finalize", "()V");
            if (finalizer == null || !finalizer.owner().name().equals("java/lang/Object")) {
              escapes[Long.numberOfTrailingZeros(origin)] =
                  Escape.at(place(insn), "put into an object with a finalizer");
            }
          }
        });
  }

  // words for people

  String place(AbstractInsnNode insn) {
    return ClassFiles.place(method.code().node(), line(insn));
  }

  static int line(AbstractInsnNode insn) {
    for (AbstractInsnNode before = insn; before != null; before = before.getPrevious()) {
      if (before instanceof LineNumberNode line) {
        return line.line;
      }
    }
    return -1;
  }

  private String describe(int bit) {
    for (var entry : new ArrayList<>(made.entrySet())) {
      if (entry.getValue() == 1L << bit
          && entry.getKey() instanceof org.objectweb.asm.tree.TypeInsnNode type) {
        String name = ClassFiles.simple(type.desc);
        return (type.getOpcode() == Opcodes.ANEWARRAY ? "an array of " : "a ")
            + name
            + " made at "
            + place(type);
      }
    }
    return "an object that leads to it";
  }

  void restsOn(Dependency dependency) {
    summary.dependencies.add(dependency);
  }
}

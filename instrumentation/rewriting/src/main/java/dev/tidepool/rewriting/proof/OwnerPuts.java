package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.TypeRef;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;

/**
 * What one method puts into owners: an array made for an owner becomes its own, another does not;
 * and what leads back to an owner makes the field one that does.
 */
final class OwnerPuts {
  /** An array put into something that may lead to owners: what it leads to is known at the end. */
  private record DistantPut(long holders, String field) {}

  private final OwnedArrays arrays;
  private final long owners;
  private final boolean siteIsOwner;
  private final Set<String> leading;
  private final Set<DistantPut> distant = new LinkedHashSet<>();
  private Summary summary;

  /**
   * @param owners bits of {@link Origins} of those values that are owners
   * @param leading fields known to lead back to an owner
   */
  OwnerPuts(OwnedArrays arrays, long owners, boolean siteIsOwner, Set<String> leading) {
    this.arrays = arrays;
    this.owners = owners;
    this.siteIsOwner = siteIsOwner;
    this.leading = leading;
  }

  /** What is found goes into this summary; what was found before is forgotten. */
  void begin(Summary fresh) {
    summary = fresh;
    distant.clear();
  }

  /** Whether the value certainly is an owner, one of those known here. */
  boolean isOwner(OriginValue value) {
    return value.whole() && value.origins() != 0 && (value.origins() & ~owners) == 0;
  }

  /** Which operands are owners, certainly and without anything else among their origins. */
  int among(List<OriginValue> operands) {
    int mask = 0;
    for (int k = 0; k < operands.size() && k < Origins.MAX_ARGUMENTS; k++) {
      mask |= isOwner(operands.get(k)) ? 1 << k : 0;
    }
    return mask;
  }

  /** Whether the origin is that of an owner. */
  boolean has(long origin) {
    return (origin & owners) != 0;
  }

  /** What is read from this field leads to, of what its holder, certainly itself, comes from. */
  long ledTo(String field, String descriptor, long origins) {
    return mayLeadBack(field, descriptor) ? origins : origins & ~owners;
  }

  /** What an owner leads to is its own arrays, and itself where it was put into itself. */
  private boolean mayLeadBack(String field, String descriptor) {
    return OriginValue.isPrimitiveArray(descriptor)
        || field.equals(OwnedArrays.ANY_FIELD)
        || leading.contains(field)
        || leading.contains(field + OwnedArrays.OTHER_OWNER)
        || leading.contains(OwnedArrays.ANY_FIELD)
        || leading.contains(OwnedArrays.ANY_FIELD + OwnedArrays.OTHER_OWNER);
  }

  /**
   * Notes what is put into something.
   *
   * @param followed everything that is followed in the method
   * @return the arrays that are to be followed from now on
   */
  long put(
      AbstractInsnNode insn,
      String field,
      String type,
      OriginValue holder,
      OriginValue value,
      long followed) {
    if (value.isNothing() || (holder.origins() & followed) == 0) {
      return 0;
    }
    boolean array = OriginValue.isPrimitiveArray(type) || field.equals(OwnedArrays.ANY_FIELD);
    boolean leads = !OriginValue.isPrimitiveArray(type) && (value.origins() & followed) != 0;
    if (!isOwner(holder)) {
      // some object that may lead to an owner, or be one among others
      if (array && !putForItAlone(insn, field, holder, value, followed)) {
        distant.add(new DistantPut(holder.origins(), field));
      }
      if (leads) {
        summary.leading.add(field + OwnedArrays.OTHER_OWNER);
      }
      return array ? value.origins() & arrays.all() : 0;
    }
    if (leads) {
      boolean itself =
          value.whole()
              && value.origins() == holder.origins()
              && Long.bitCount(holder.origins()) == 1;
      summary.leading.add(itself ? field : field + OwnedArrays.OTHER_OWNER);
    }
    return array ? putArray(insn, field, holder.origins(), value) : 0;
  }

  private long putArray(AbstractInsnNode insn, String field, long into, OriginValue value) {
    long own = value.origins() & arrays.all();
    int from = argumentOnly(value);
    boolean once = arrays.put(own, into, insn, field);
    // what the owner's maker puts there may be a site of its own, which gives it back too
    boolean itsOwn = (value.origins() & ~own) == 0 && once && !siteIsOwner;
    note(into, field, itsOwn ? Summary.Put.OWN : from >= 0 ? from : Summary.Put.FOREIGN);
    return own;
  }

  /** Whether the array was made for the one object it is put into, owner or not. */
  private boolean putForItAlone(
      AbstractInsnNode insn, String field, OriginValue holder, OriginValue value, long followed) {
    long own = value.origins() & arrays.all();
    boolean once = arrays.put(own, holder.origins() & followed, insn, field);
    return once && value.origins() == own && !siteIsOwner;
  }

  /** Notes an array put where no owner is: an owner it is put into too has it not for itself. */
  void putElsewhere(AbstractInsnNode insn, String field, OriginValue holder, OriginValue value) {
    if (!isOwner(holder)) {
      arrays.put(value.origins() & arrays.all(), 0, insn, field);
    }
  }

  /** Notes what a method that was called puts into the holder by itself. */
  void putInside(Summary.Put put, OriginValue holder) {
    if (isOwner(holder)) {
      note(holder.origins(), put.field(), put.value());
    } else {
      distant.add(new DistantPut(holder.origins(), put.field()));
    }
  }

  private void note(long into, String field, int kind) {
    for (long left = into; left != 0; left &= left - 1) {
      int holderArgument = Origins.argumentIndex(Long.lowestOneBit(left));
      summary.puts.add(new Summary.Put(holderArgument, field, kind));
    }
  }

  /** At the end: whatever the distant puts may have reached has an array that is not its own. */
  void settle(Fates fates, long followed, long followedArguments) {
    for (DistantPut put : distant) {
      long reached = fates.reachedFrom(put.holders() & followed);
      note(
          reached & (followedArguments | (siteIsOwner ? Origins.SITE : 0)),
          put.field(),
          Summary.Put.FOREIGN);
    }
  }

  /** The one followed argument that the value is, if it is an array and nothing else; or -1. */
  private int argumentOnly(OriginValue value) {
    long origins = value.origins();
    boolean one = Long.bitCount(origins) == 1 && (origins & owners) == 0;
    return one ? Origins.argumentIndex(origins) : -1;
  }

  /** What an owner leads to is arrays and itself: a call that returns no array returns itself. */
  boolean isOwnerItself(Type type, long origins, Summary effect) {
    return origins != 0
        && !effect.returnsOther
        && (origins & ~owners) == 0
        && leading.stream().noneMatch(field -> field.endsWith(OwnedArrays.OTHER_OWNER))
        && !leading.contains(OwnedArrays.ANY_FIELD)
        && type.getSort() == Type.OBJECT
        && switch (type.getInternalName()) {
          case "java/lang/Object", "java/lang/Cloneable", "java/io/Serializable" -> false;
          default -> true;
        };
  }

  /** The result of a call that certainly is the owner it was given. */
  static OriginValue itself(OriginValue value, List<OriginValue> operands) {
    TypeRef exact = null;
    for (OriginValue operand : operands) {
      exact = operand.whole() && operand.origins() == value.origins() ? operand.exact() : exact;
    }
    return new OriginValue(1, value.origins(), value.type(), exact, null, true);
  }
}

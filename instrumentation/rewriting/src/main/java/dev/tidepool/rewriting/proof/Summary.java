package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a method does with the arguments that were followed into it. Grows only upwards while a
 * fixpoint is sought: nothing is known to happen at first, and every round may add to it.
 */
final class Summary {
  /**
   * @param receiver the receiver's certain class, or null
   * @param followed bit set of the arguments followed
   * @param conditional whether conditions on other arguments may be set
   * @param owners those of the followed that are owners, see {@link OwnedArrays}
   * @param leading fields of owners that may lead back to them
   * @param exact other arguments' certain classes, as far as it matters
   */
  record Key(
      MethodKey method,
      TypeRef receiver,
      int followed,
      boolean conditional,
      int owners,
      Set<String> leading,
      Map<Integer, TypeRef> exact) {
    Key(MethodKey method, TypeRef receiver, int followed, boolean conditional) {
      this(method, receiver, followed, conditional, 0, Set.of());
    }

    Key(
        MethodKey method,
        TypeRef receiver,
        int followed,
        boolean conditional,
        int owners,
        Set<String> leading) {
      this(method, receiver, followed, conditional, owners, leading, Map.of());
    }

    Key withExact(Map<Integer, TypeRef> known) {
      return new Key(method, receiver, followed, conditional, owners, leading, Map.copyOf(known));
    }

    Key unconditional() {
      return new Key(method, receiver, followed, false, owners, leading, exact);
    }
  }

  /**
   * An array put into a field of an owner among the arguments.
   *
   * @param holder which argument
   * @param field name and descriptor, or {@link OwnedArrays#ANY_FIELD}
   * @param value which argument was put there; or {@link #OWN}, {@link #FOREIGN}
   */
  record Put(int holder, String field, int value) {
    /** Made for this owner, and nobody else has it. */
    static final int OWN = -1;

    /** Somebody else may have it too. */
    static final int FOREIGN = -2;
  }

  final Escape[] escapes;
  final int[] storedInto;

  /** How an argument came to be stored in another, for people; the first way seen. */
  final Escape[] storedHow;

  int returned;
  boolean returnsUnknown;

  /** Bit set of the arguments that may be kept where the method throws, and only there. */
  int keptOnThrow;

  /** Whether anything returned is not certainly an owner itself. */
  boolean returnsOther;

  /** Where all that is returned is read from, or null where that is not one place. */
  AccessPath returnedPath;

  /** The class that all that is returned certainly has, or null where that is not one. */
  TypeRef returnedExact;

  private boolean returnsSomething;
  final Set<Condition> conditions = new LinkedHashSet<>();
  final Set<Dependency> dependencies = new HashSet<>();
  final Set<Key> callees = new HashSet<>();
  final Set<Put> puts = new HashSet<>();

  /** Fields of owners that were found to lead back to them. */
  final Set<String> leading = new HashSet<>();

  Summary(int arguments) {
    escapes = new Escape[arguments];
    storedInto = new int[arguments];
    storedHow = new Escape[arguments];
  }

  /** A summary in which each followed argument escapes for the same reason. */
  static Summary escaping(int arguments, int followed, Escape escape) {
    Summary summary = new Summary(arguments);
    for (int k = 0; k < arguments; k++) {
      if ((followed & 1 << k) != 0) {
        summary.escapes[k] = escape;
      }
    }
    summary.returnsUnknown = true;
    return summary;
  }

  /** Whether all of the followed arguments escape: then nothing is concluded from the rest. */
  boolean letsOutAll(int followed) {
    for (int k = 0; k < escapes.length; k++) {
      if ((followed & 1 << k) != 0 && escapes[k] == null) {
        return false;
      }
    }
    return followed != 0;
  }

  /** The worst escape of the arguments followed, or null where none escapes. */
  Escape firstEscape() {
    for (Escape escape : escapes) {
      if (escape != null) {
        return escape;
      }
    }
    return null;
  }

  /** Notes one more value returned. */
  void returns(AccessPath path, TypeRef exact) {
    returnedPath = returnsSomething && !java.util.Objects.equals(returnedPath, path) ? null : path;
    returnedExact =
        returnsSomething && !java.util.Objects.equals(returnedExact, exact) ? null : exact;
    returnsSomething = true;
  }

  /** Adds what another run of the same method, or another possible target, does. */
  void join(Summary other) {
    for (int k = 0; k < escapes.length; k++) {
      if (escapes[k] == null) {
        escapes[k] = other.escapes[k];
      }
      storedInto[k] |= other.storedInto[k];
      if (storedHow[k] == null) {
        storedHow[k] = other.storedHow[k];
      }
    }
    returned |= other.returned;
    keptOnThrow |= other.keptOnThrow;
    if (other.returnsSomething) {
      returns(other.returnedPath, other.returnedExact);
    }
    returnsUnknown |= other.returnsUnknown;
    returnsOther |= other.returnsOther;
    conditions.addAll(other.conditions);
    dependencies.addAll(other.dependencies);
    callees.addAll(other.callees);
    puts.addAll(other.puts);
    leading.addAll(other.leading);
  }

  /** Whether both say the same about arguments; reasons and dependencies do not count. */
  boolean sameEffect(Summary other) {
    for (int k = 0; k < escapes.length; k++) {
      if ((escapes[k] == null) != (other.escapes[k] == null)) {
        return false;
      }
    }
    return Arrays.equals(storedInto, other.storedInto)
        && returned == other.returned
        && keptOnThrow == other.keptOnThrow
        && returnsUnknown == other.returnsUnknown
        && returnsOther == other.returnsOther
        && conditions.equals(other.conditions)
        && callees.equals(other.callees)
        && java.util.Objects.equals(returnedPath, other.returnedPath)
        && java.util.Objects.equals(returnedExact, other.returnedExact)
        && puts.equals(other.puts)
        && leading.equals(other.leading);
  }
}

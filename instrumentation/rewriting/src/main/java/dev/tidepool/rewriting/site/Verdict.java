package dev.tidepool.rewriting.site;

import java.util.List;
import java.util.Set;

/** What the proof of one site came to. */
public sealed interface Verdict {

  /**
   * Nothing but the method's own frame can reach the array once the method has left, or once the
   * site is reached again, given that the dependencies hold and every guarded call was allowed;
   * unless it is what the method returns.
   *
   * @param releaseOnReallocation whether the array of the previous round is dead when the site is
   *     reached again (a buffer made inside a loop); otherwise that array is dropped
   * @param zeroExcused whether the proof shows that nobody can read an element before it was
   *     written; what is overwritten at once, or is a copy, is excused by its code alone
   * @param guards calls whose receiver must be looked at before the array is handed over
   * @param dependencies what the proof rests on
   * @param owned what dies with the object, where the site makes one, else null
   * @param sources where the arrays are made that the site gets from a call
   * @param keepingOnThrow calls that may keep the array where they throw, and only there: ordinals
   *     as of {@link GuardedCall}
   * @param several whether arrays of former rounds live on in something that the method has made
   * @param returned whether the array itself may be what the method returns, and is the caller's
   *     then
   * @param replaced what the class has to do with the field, where the site puts an array there in
   *     place of another, else null
   */
  record Proven(
      boolean releaseOnReallocation,
      boolean zeroExcused,
      List<GuardedCall> guards,
      Set<Dependency> dependencies,
      Owned owned,
      Set<SiteKey> sources,
      Set<Integer> keepingOnThrow,
      boolean several,
      boolean returned,
      Replaced replaced)
      implements Verdict {
    public Proven {
      guards = List.copyOf(guards);
      dependencies = Set.copyOf(dependencies);
      sources = Set.copyOf(sources);
      keepingOnThrow = Set.copyOf(keepingOnThrow);
    }

    /** Of a site whose arrays are neither kept from round to round nor returned. */
    public Proven(
        boolean releaseOnReallocation,
        boolean zeroExcused,
        List<GuardedCall> guards,
        Set<Dependency> dependencies,
        Owned owned,
        Set<SiteKey> sources,
        Set<Integer> keepingOnThrow) {
      this(
          releaseOnReallocation,
          zeroExcused,
          guards,
          dependencies,
          owned,
          sources,
          keepingOnThrow,
          false,
          false,
          null);
    }

    /** The same, where no call keeps the array that throws. */
    public Proven(
        boolean releaseOnReallocation,
        boolean zeroExcused,
        List<GuardedCall> guards,
        Set<Dependency> dependencies,
        Owned owned,
        Set<SiteKey> sources) {
      this(releaseOnReallocation, zeroExcused, guards, dependencies, owned, sources, Set.of());
    }

    /** Of a site that makes an array. */
    public Proven(
        boolean releaseOnReallocation,
        boolean zeroExcused,
        List<GuardedCall> guards,
        Set<Dependency> dependencies) {
      this(releaseOnReallocation, zeroExcused, guards, dependencies, null, Set.of());
    }
  }

  /**
   * Arrays that an object made for itself and nobody else has.
   *
   * @param construction the call of the object's constructor, or of the method that makes it, in
   *     the site's method, as an ordinal
   * @param type the object's class
   * @param fields where the arrays are; none where it is memory outside the heap that dies
   */
  record Owned(int construction, TypeRef type, List<Field> fields) {
    public Owned {
      fields = List.copyOf(fields);
    }

    /** Whether what dies with the object is memory outside the heap. */
    public boolean isMemory() {
      return fields.isEmpty();
    }
  }

  /** A field by the class that declares it. */
  record Field(TypeRef owner, String name, String descriptor) {}

  /**
   * A field whose array nobody can reach once another, or null, was put in its place; or one with a
   * buffer that nobody uses once its object is closed.
   *
   * @param field null where arrays are handed back to a method instead
   * @param uses where the class puts another, and where it hands the array to others
   */
  record Replaced(Field field, List<FieldUse> uses) {
    public Replaced {
      uses = List.copyOf(uses);
    }

    /** Whether it is a buffer that is given back when its object is closed. */
    public boolean closes() {
      return uses.stream().anyMatch(use -> use.operand() == FieldUse.CLOSES);
    }
  }

  /**
   * One instruction that has to do with such a field.
   *
   * @param ordinal in the method, see {@link GuardedCall}
   * @param operand which operand of a call the field's array is, the receiver counted as 0; else
   *     what the instruction does: {@link #REPLACES}, {@link #DRAWS} or {@link #CLOSES}
   * @param kept whether the call may keep the array, or hands it to code not known
   * @param guards what is to be asked before a call; one no, and the array may be kept
   */
  record FieldUse(
      String method,
      String descriptor,
      int ordinal,
      int operand,
      boolean kept,
      List<GuardedCall> guards) {
    /** Puts another array into the field. */
    public static final int REPLACES = -1;

    /** Makes the buffer whose array is drawn, for the field. */
    public static final int DRAWS = -2;

    /** Says that the object, which has a buffer in the field, is closed. */
    public static final int CLOSES = -3;

    public FieldUse {
      guards = List.copyOf(guards);
    }

    /** Whether an array is handed over, not replaced. */
    public boolean hands() {
      return operand >= 0;
    }
  }

  /**
   * Not proven; the reason is for people.
   *
   * @param reason one line: {@code escapes at FileCache.java:88: stored in field FileCache.last}
   * @param path the steps from the allocation to the escape, in source terms, first step first
   * @param transientCause whether trying again later may help (a class not yet loaded, a budget
   *     spent)
   */
  record Refused(String reason, List<String> path, boolean transientCause) implements Verdict {
    public Refused {
      path = List.copyOf(path);
    }
  }
}

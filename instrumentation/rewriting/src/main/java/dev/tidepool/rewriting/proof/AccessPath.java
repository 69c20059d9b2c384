package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a value was read from: an argument of the method, then fields that nobody rewrites after
 * construction. What lies at the end can be looked at before the method is called.
 *
 * @param root the argument, the receiver counted as 0
 */
record AccessPath(int root, List<Field> fields) {
  private static final int LONGEST = 4;

  /**
   * A field by the class that declares it.
   *
   * @param fixed whether null stays there once the object is made: nothing but its constructors
   *     writes anything else to the field
   */
  record Field(TypeRef owner, String name, String descriptor, boolean fixed) {
    Field(TypeRef owner, String name, String descriptor) {
      this(owner, name, descriptor, false);
    }

    Field fixedForGood() {
      return new Field(owner, name, descriptor, true);
    }
  }

  AccessPath {
    fields = List.copyOf(fields);
  }

  static AccessPath argument(int root) {
    return new AccessPath(root, List.of());
  }

  boolean isArgument() {
    return fields.isEmpty();
  }

  /** The path one field further, or null where it would become too long to look along. */
  AccessPath then(Field field) {
    return then(List.of(field));
  }

  AccessPath then(List<Field> more) {
    if (fields.size() + more.size() > LONGEST) {
      return null;
    }
    List<Field> longer = new ArrayList<>(fields);
    longer.addAll(more);
    return new AccessPath(root, longer);
  }
}

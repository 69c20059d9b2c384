package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.TypeRef;
import java.lang.ref.WeakReference;
import java.util.Set;

/**
 * What a guard knows of one class: nothing yet, a no, or a yes on condition that certain inner
 * guards say yes to what the object wraps.
 */
final class JudgedClass {
  private static final int[] NONE = {};

  /** Everything a reader needs at once: published by one volatile write. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and read on the hot path
  private record Answer(boolean allowed, String reason, int[] inner, int slot, Set<TypeRef> on) {}

  private static final Answer PENDING = new Answer(false, GuardTable.NOT_YET, NONE, -1, Set.of());

  private final WeakReference<Class<?>> type;
  private volatile Answer answer = PENDING;

  /** How often it was denied for what may pass; by the table's lock. */
  int passingDenials;

  JudgedClass(Class<?> type) {
    this.type = new WeakReference<>(type);
  }

  boolean is(Class<?> other) {
    return type.refersTo(other);
  }

  boolean collected() {
    return type.refersTo(null);
  }

  Class<?> type() {
    return type.get();
  }

  boolean allowed() {
    return answer.allowed();
  }

  String reason() {
    return answer.reason();
  }

  int[] innerGuards() {
    return answer.inner();
  }

  int slot() {
    return answer.slot();
  }

  boolean restsOn(TypeRef other) {
    return answer.on().contains(other);
  }

  void deny(String reason) {
    answer = new Answer(false, reason, NONE, -1, Set.of());
  }

  void allow(int[] inner, int slot, Set<TypeRef> on) {
    answer = new Answer(true, "", inner, slot, on);
  }

  /** Back to not judged; the inner guards stay known so that who relied on them can be found. */
  void withdraw() {
    answer = new Answer(false, "not judged yet", answer.inner(), -1, Set.of());
  }
}

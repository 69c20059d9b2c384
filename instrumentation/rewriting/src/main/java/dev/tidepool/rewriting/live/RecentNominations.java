package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.Nomination;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Methods looked into a short while ago: the same hint comes again and again. */
final class RecentNominations {
  private static final int MOST = 4096;
  private static final long WHILE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Map<String, Long> at = new LinkedHashMap<>();

  boolean seen(Nomination nomination, long now) {
    Long before = at.get(key(nomination));
    return before != null && now - before < WHILE_NANOS;
  }

  void note(Nomination nomination, long now) {
    String key = key(nomination);
    at.remove(key);
    at.put(key, now);
    if (at.size() > MOST) {
      at.remove(at.keySet().iterator().next());
    }
  }

  private static String key(Nomination nomination) {
    return nomination.className()
        + '.'
        + nomination.method()
        + nomination.descriptor()
        + System.identityHashCode(nomination.loader())
        + nomination.caller()
        + nomination.bytecodeIndex()
        + nomination.through();
  }
}

package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.Nomination;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Methods looked into a short while ago: the same hint comes again and again, and each look reads a
 * class file. The second look comes soon, the later ones less and less often.
 */
final class RecentNominations {
  private static final int MOST = 4096;
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(8);
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(8);

  private final Map<String, Look> looks = new LinkedHashMap<>();

  private record Look(long at, long pause) {}

  boolean seen(Nomination nomination, long now) {
    Look last = looks.get(key(nomination));
    return last != null && now - last.at < last.pause;
  }

  void note(Nomination nomination, long now) {
    String key = key(nomination);
    Look last = looks.remove(key);
    boolean again = last != null && now - last.at < 2 * LONGEST_NANOS;
    looks.put(key, new Look(now, again ? Math.min(2 * last.pause, LONGEST_NANOS) : FIRST_NANOS));
    if (looks.size() > MOST) {
      looks.remove(looks.keySet().iterator().next());
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

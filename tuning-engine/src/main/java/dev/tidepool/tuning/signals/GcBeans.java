package dev.tidepool.tuning.signals;

import com.sun.management.GarbageCollectionNotificationInfo;
import dev.tidepool.tuning.Collector;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/**
 * The collectors' own notifications: the fast loop, a millisecond after each collection.
 *
 * <p>What is used after a collection bounds the live set from above. Young collections and
 * concurrent cycles leave garbage behind, so the estimate is the least of what recent collections
 * left.
 */
final class GcBeans implements NotificationListener, AutoCloseable {
  /** One collection, in order of arrival. */
  record Collection(
      String bean,
      String action,
      String cause,
      double second,
      double durationSeconds,
      long before,
      long after,
      long committed) {}

  private static final int WINDOW = 64;
  private static final double WINDOW_SECONDS = 60;

  private final List<GarbageCollectorMXBean> beans = ManagementFactory.getGarbageCollectorMXBeans();
  private final List<NotificationEmitter> emitters = new ArrayList<>();
  private final Collector collector;
  private final Pauses pauses = new Pauses();
  private final Deque<Collection> recent = new ArrayDeque<>();
  private final Deque<Collection> majors = new ArrayDeque<>();
  private volatile Consumer<Collection> listener = collection -> {};

  private long full;
  private long degenerated;
  private long humongous;
  private long allocated;
  private long lastAfter = -1;
  private double cycleSeconds;

  GcBeans() {
    collector = Collector.of(beans.stream().map(GarbageCollectorMXBean::getName).toList());
    for (GarbageCollectorMXBean bean : beans) {
      if (bean instanceof NotificationEmitter emitter) {
        emitter.addNotificationListener(this, null, null);
        emitters.add(emitter);
      }
    }
  }

  Collector collector() {
    return collector;
  }

  boolean notifies() {
    return !emitters.isEmpty();
  }

  /** Called on the VM's notification thread for each collection: must be quick. */
  void listener(Consumer<Collection> other) {
    listener = other;
  }

  @Override
  public void handleNotification(Notification notification, Object handback) {
    try {
      if (GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION.equals(
          notification.getType())) {
        Collection collection = read((CompositeData) notification.getUserData());
        add(collection);
        listener.accept(collection);
      }
    } catch (RuntimeException e) {
      // A notification of an unknown form says nothing to us; the VM's thread must not see it.
      lastAfter = -1;
    }
  }

  /**
   * Item by item: the JDK's own reading of the whole takes a fifth of what a notification costs.
   */
  private static Collection read(CompositeData info) {
    CompositeData gc = (CompositeData) info.get("gcInfo");
    TabularData after = (TabularData) gc.get("memoryUsageAfterGc");
    return new Collection(
        (String) info.get("gcName"),
        (String) info.get("gcAction"),
        (String) info.get("gcCause"),
        (Long) gc.get("endTime") / 1e3,
        (Long) gc.get("duration") / 1e3,
        sum((TabularData) gc.get("memoryUsageBeforeGc"), "used"),
        sum(after, "used"),
        sum(after, "committed"));
  }

  private synchronized void add(Collection c) {
    if (isPause(c)) {
      pauses.record(c.second(), Math.round(c.durationSeconds() * 1e3), 0);
    }
    if (isFull(c)) {
      full++;
    }
    if (collector == Collector.SHENANDOAH && isPause(c) && c.cause().equals("Allocation Failure")) {
      degenerated++;
    }
    if (c.cause().equals("G1 Humongous Allocation")) {
      humongous++;
    }
    if (c.bean().endsWith("Pauses") || c.bean().equals("G1 Concurrent GC")) {
      return;
    }
    if (lastAfter >= 0) {
      allocated += Math.max(0, c.before() - lastAfter);
    }
    lastAfter = c.after();
    keep(recent, c, WINDOW);
    if (isMajor(c)) {
      keep(majors, c, 3);
      cycleSeconds =
          cycleSeconds == 0 ? c.durationSeconds() : 0.7 * cycleSeconds + 0.3 * c.durationSeconds();
    }
  }

  private static void keep(Deque<Collection> deque, Collection c, int most) {
    deque.addLast(c);
    while (deque.size() > most || c.second() - deque.peekFirst().second() > 10 * WINDOW_SECONDS) {
      deque.removeFirst();
    }
  }

  private boolean isPause(Collection c) {
    return switch (collector) {
      case ZGC, SHENANDOAH -> c.bean().endsWith("Pauses");
      case SERIAL, PARALLEL, G1, OTHER -> true;
    };
  }

  private boolean isFull(Collection c) {
    return switch (collector) {
      case G1, SERIAL, PARALLEL -> isMajor(c);
      case ZGC, SHENANDOAH, OTHER -> false;
    };
  }

  private boolean isMajor(Collection c) {
    return switch (collector) {
      case G1 -> c.bean().equals("G1 Old Generation");
      case ZGC -> c.bean().equals("ZGC Cycles") || c.bean().equals("ZGC Major Cycles");
      case SHENANDOAH -> c.bean().equals("Shenandoah Cycles");
      case SERIAL -> c.bean().equals("MarkSweepCompact");
      case PARALLEL -> c.bean().equals("PS MarkSweep");
      case OTHER -> false;
    };
  }

  /** Pools outside the heap (metaspace, code) are part of the map and are left out. */
  private static long sum(TabularData pools, String item) {
    long sum = 0;
    for (Object each : pools.values()) {
      CompositeData pool = (CompositeData) each;
      String name = (String) pool.get("key");
      if (!name.startsWith("Code") && !name.equals("Metaspace") && !name.startsWith("Compressed")) {
        sum += (Long) ((CompositeData) pool.get("value")).get(item);
      }
    }
    return sum;
  }

  long collections() {
    long sum = 0;
    for (GarbageCollectorMXBean bean : beans) {
      if (!bean.getName().endsWith("Pauses")) {
        sum += Math.max(0, bean.getCollectionCount());
      }
    }
    return sum;
  }

  long majorCollections() {
    long sum = 0;
    for (GarbageCollectorMXBean bean : beans) {
      String name = bean.getName();
      if (name.equals("G1 Old Generation")
          || name.equals("G1 Concurrent GC")
          || name.equals("ZGC Cycles")
          || name.equals("ZGC Major Cycles")
          || name.equals("Shenandoah Cycles")
          || name.equals("MarkSweepCompact")
          || name.equals("PS MarkSweep")) {
        sum += Math.max(0, bean.getCollectionCount());
      }
    }
    return sum;
  }

  synchronized long fullCollections() {
    return full;
  }

  synchronized long degenerated() {
    return degenerated;
  }

  synchronized long humongous() {
    return humongous;
  }

  /** Allocated since the first collection seen, as far as collections show it. */
  synchronized long allocatedBytes() {
    return allocated;
  }

  synchronized double cycleSeconds() {
    return cycleSeconds;
  }

  Pauses pauses() {
    return pauses;
  }

  /** Least that a collection of the last minute left, of the last three where there were fewer. */
  synchronized long liveBytes(double second) {
    long least = Long.MAX_VALUE;
    int seen = 0;
    var newestFirst = recent.descendingIterator();
    while (newestFirst.hasNext()) {
      Collection c = newestFirst.next();
      if (seen >= 3 && (second - c.second() > WINDOW_SECONDS || isEnough(c, seen))) {
        break;
      }
      least = Math.min(least, c.after());
      seen++;
    }
    return least == Long.MAX_VALUE ? 0 : least;
  }

  /** Eight collections over two seconds say how it is now; older ones how it was. */
  private boolean isEnough(Collection c, int seen) {
    return seen >= 8 && recent.peekLast().second() - c.second() > 2;
  }

  /** Most that the last few collections left: what the next one will find, garbage included. */
  synchronized long recentAfterBytes() {
    long most = 0;
    int seen = 0;
    var newestFirst = recent.descendingIterator();
    while (newestFirst.hasNext() && seen++ < 4) {
      most = Math.max(most, newestFirst.next().after());
    }
    return most;
  }

  synchronized long afterMajorBytes() {
    return majors.isEmpty() ? 0 : majors.peekLast().after();
  }

  /** Longest time between two of the last collections; large where there was none lately. */
  synchronized double gapSeconds(double second) {
    if (recent.size() < 4 || second - recent.peekLast().second() > 5) {
      return recent.isEmpty() ? 1e6 : Math.max(5, second - recent.peekLast().second());
    }
    double longest = 0.001;
    double later = Double.NaN;
    int seen = 0;
    var newestFirst = recent.descendingIterator();
    while (newestFirst.hasNext() && seen++ < 9) {
      double end = newestFirst.next().second();
      longest = Double.isNaN(later) ? longest : Math.max(longest, later - end);
      later = end;
    }
    return longest;
  }

  @Override
  public void close() {
    for (NotificationEmitter emitter : emitters) {
      try {
        emitter.removeNotificationListener(this);
      } catch (ListenerNotFoundException e) {
        // Somebody else has removed it, which is what was wanted.
        listener = collection -> {};
      }
    }
    emitters.clear();
  }
}

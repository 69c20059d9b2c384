package dev.tidepool.tuning;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Bounded history of decisions, indexed by time and by lever. Any thread may read it. */
public final class Ledger {
  private final int most;
  private final TreeMap<Long, Decision> byId = new TreeMap<>();
  private final TreeMap<Instant, Deque<Long>> byTime = new TreeMap<>();
  private final Map<String, Deque<Long>> byLever = new HashMap<>();
  private long lastId;
  private volatile Timeline timeline = Timeline.NONE;

  public Ledger(int most) {
    this.most = most;
  }

  /** Writes a decision down and gives it its number. */
  public Decision add(
      Instant time, String lever, String from, String to, String reason, Decision.Outcome outcome) {
    Decision decision = write(time, lever, from, to, reason, outcome);
    timeline.decision(decision);
    return decision;
  }

  private synchronized Decision write(
      Instant time, String lever, String from, String to, String reason, Decision.Outcome outcome) {
    Decision decision =
        new Decision(++lastId, time, lever, from, to, reason, outcome, Optional.empty());
    byId.put(decision.id(), decision);
    byTime.computeIfAbsent(time, t -> new ArrayDeque<>()).addLast(decision.id());
    byLever.computeIfAbsent(lever, l -> new ArrayDeque<>()).addLast(decision.id());
    while (byId.size() > most) {
      forget(byId.firstEntry().getValue());
    }
    return decision;
  }

  private void forget(Decision oldest) {
    byId.remove(oldest.id());
    drop(byTime, oldest.time(), oldest.id());
    drop(byLever, oldest.lever(), oldest.id());
  }

  private static <K> void drop(Map<K, Deque<Long>> index, K key, long id) {
    Deque<Long> ids = index.get(key);
    ids.remove(id);
    if (ids.isEmpty()) {
      index.remove(key);
    }
  }

  /** Notes what became of a decision; one that has been forgotten meanwhile is left so. */
  public void settle(long id, Decision.Outcome outcome, Effect effect) {
    Decision settled;
    synchronized (this) {
      settled = byId.computeIfPresent(id, (key, decision) -> decision.with(outcome, effect));
    }
    if (settled != null) {
      timeline.decision(settled);
    }
  }

  /** Where decisions are shown from now on, each when made and when settled; first those so far. */
  public void timeline(Timeline other) {
    timeline = other;
    all().forEach(other::decision);
  }

  /** All that is kept, oldest first. */
  public synchronized List<Decision> all() {
    return new ArrayList<>(byId.values());
  }

  public synchronized List<Decision> since(Instant time) {
    return byTime.tailMap(time, true).values().stream()
        .flatMap(Deque::stream)
        .map(byId::get)
        .toList();
  }

  public synchronized List<Decision> of(String lever) {
    return byLever.getOrDefault(lever, new ArrayDeque<>()).stream().map(byId::get).toList();
  }

  /** Decisions ever made. */
  public synchronized long count() {
    return lastId;
  }
}

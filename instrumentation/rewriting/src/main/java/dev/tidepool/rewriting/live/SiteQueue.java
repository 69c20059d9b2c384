package dev.tidepool.rewriting.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An indexed priority queue: the highest rank first, and the rank of an element can change at any
 * time in O(log n). Not thread-safe.
 */
final class SiteQueue<E> {
  private final List<Ranked<E>> heap = new ArrayList<>();
  private final Map<E, Ranked<E>> index = new HashMap<>();

  /** Adds the element or gives it another rank. */
  void rank(E element, double rank) {
    Ranked<E> ranked = index.get(element);
    if (ranked == null) {
      ranked = new Ranked<>(element, heap.size());
      index.put(element, ranked);
      heap.add(ranked);
    }
    ranked.rank = rank;
    down(up(ranked.position));
  }

  /** The element of highest rank, or null where the queue is empty. */
  E peek() {
    return heap.isEmpty() ? null : heap.get(0).element;
  }

  /** Takes the element of highest rank out, or null where the queue is empty. */
  E poll() {
    E top = peek();
    if (top != null) {
      remove(top);
    }
    return top;
  }

  /** The rank of an element of the queue, or {@code NaN}. */
  double rankOf(E element) {
    Ranked<E> ranked = index.get(element);
    return ranked == null ? Double.NaN : ranked.rank;
  }

  boolean remove(E element) {
    Ranked<E> ranked = index.remove(element);
    if (ranked == null) {
      return false;
    }
    Ranked<E> last = heap.remove(heap.size() - 1);
    if (last != ranked) {
      put(last, ranked.position);
      down(up(last.position));
    }
    return true;
  }

  int size() {
    return heap.size();
  }

  private int up(int start) {
    int position = start;
    while (position > 0) {
      int parent = (position - 1) / 2;
      if (heap.get(parent).rank >= heap.get(position).rank) {
        break;
      }
      swap(parent, position);
      position = parent;
    }
    return position;
  }

  private void down(int start) {
    int position = start;
    while (2 * position + 1 < heap.size()) {
      int child = 2 * position + 1;
      if (child + 1 < heap.size() && heap.get(child + 1).rank > heap.get(child).rank) {
        child++;
      }
      if (heap.get(position).rank >= heap.get(child).rank) {
        break;
      }
      swap(position, child);
      position = child;
    }
  }

  private void swap(int one, int other) {
    Ranked<E> first = heap.get(one);
    put(heap.get(other), one);
    put(first, other);
  }

  private void put(Ranked<E> ranked, int position) {
    heap.set(position, ranked);
    ranked.position = position;
  }

  private static final class Ranked<E> {
    final E element;
    double rank;
    int position;

    Ranked(E element, int position) {
      this.element = element;
      this.position = position;
    }
  }
}

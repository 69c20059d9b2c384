package dev.tidepool.pools;

import dev.tidepool.pools.internal.ArrayShelves;
import dev.tidepool.pools.internal.Sizes;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A pool of bounded queues ("channels") by capacity, for a request to be answered through and the
 * like. Queues are handed out empty.
 *
 * <p>A queue must be given back only when nobody puts into it any more: what a late producer adds
 * is thrown away if it comes before the queue is handed out again, and reaches the wrong consumer
 * if it comes after.
 *
 * <pre>{@code
 * QueuePool<Reply> channels = QueuePool.of("replies", 10_000, PoolPressure.shared());
 * BlockingQueue<Reply> channel = channels.acquire(16);
 * send(request, channel);
 * Reply reply = channel.take();
 * channels.release(channel);
 * }</pre>
 *
 * @param <E> what the queues carry
 */
public final class QueuePool<E> extends ShelvedPool {
  private static final int KIND = 0;

  /** A queue that knows without taking its lock how long it is and whether it was put into. */
  private static final class Channel<E> extends ArrayBlockingQueue<E> {
    private static final long serialVersionUID = 1;
    private final int capacity;
    private boolean used; // plain: only a producer who is late anyway may go unseen

    Channel(int capacity) {
      super(capacity);
      this.capacity = capacity;
    }

    @Override
    public boolean offer(E element) {
      used = true;
      return super.offer(element);
    }

    @Override
    public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
      used = true;
      return super.offer(element, timeout, unit);
    }

    @Override
    public void put(E element) throws InterruptedException {
      used = true;
      super.put(element);
    }

    /** Throws away what is in it. */
    private void empty() {
      if (used) {
        used = false;
        clear();
      }
    }
  }

  private QueuePool(String name, long budget, PoolPressure pressure) {
    super(name, pressure, new ArrayShelves(budget, pressure::needed));
  }

  /**
   * A pool of queues.
   *
   * @param slots the most elements that waiting queues could carry together
   */
  public static <E> QueuePool<E> of(String name, int slots, PoolPressure pressure) {
    QueuePool<E> pool = new QueuePool<>(name, slots + 24L * slots, pressure);
    pressure.register(pool);
    return pool;
  }

  /** An empty queue of exactly the capacity. */
  public BlockingQueue<E> acquire(int capacity) {
    Object waiting = shelves.take(KIND, capacity, Sizes.of(capacity));
    if (waiting == null) {
      return new Channel<>(capacity);
    }
    Channel<E> queue = cast(waiting);
    queue.empty();
    return queue;
  }

  /** Gives back a queue that came from {@link #acquire}; what is in it is thrown away. */
  public void release(BlockingQueue<E> queue) {
    if (queue instanceof Channel<E> channel) {
      channel.empty(); // let go of the elements now, not when the queue is used again
      shelves.give(KIND, channel, channel.capacity, ArrayShelves.BY_SIZE);
    } else {
      queue.clear();
    }
  }

  @SuppressWarnings("unchecked") // only such queues go in, and they are empty
  private Channel<E> cast(Object queue) {
    return (Channel<E>) queue;
  }

  @Override
  String kind(long key) {
    return "queue[" + (key >>> 4) + "]";
  }
}

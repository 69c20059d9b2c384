package dev.tidepool.pools.bench;

import dev.tidepool.pools.ObjectPool;
import java.util.ArrayDeque;
import org.jctools.queues.MpmcArrayQueue;

/**
 * Who lends objects. The peers' holders of an array serve as their objects: what one carries does
 * not show in the time it takes to lend it.
 */
public enum ObjectPeer {
  NEW {
    @Override
    Buffers open() {
      return new Buffers() {
        @Override
        public Object take(int bytes) {
          return new ArrayDeque<>(SIZE);
        }

        @Override
        public void give(Object object) {}
      };
    }
  },
  TIDEPOOL {
    @Override
    Buffers open() {
      return lending(ObjectPool.<Object>of(() -> new ArrayDeque<>(SIZE)).build());
    }
  },
  TIDEPOOL_BOUNDED {
    @Override
    Buffers open() {
      return lending(
          ObjectPool.<Object>of(() -> new ArrayDeque<>(SIZE)).maxTotal(BufferPeer.ROOM).build());
    }
  },
  NETTY_RECYCLER {
    @Override
    Buffers open() {
      return new NettyRecycler(SIZE);
    }
  },
  COMMONS_POOL {
    @Override
    Buffers open() {
      return new CommonsPool(SIZE);
    }
  },
  STORMPOT {
    @Override
    Buffers open() {
      return new Stormpot(SIZE);
    }
  },
  JCTOOLS {
    @Override
    Buffers open() {
      MpmcArrayQueue<Object> queue = new MpmcArrayQueue<>(BufferPeer.ROOM);
      return new Buffers() {
        @Override
        public Object take(int bytes) {
          Object object = queue.poll();
          return object == null ? new ArrayDeque<>(SIZE) : object;
        }

        @Override
        public void give(Object object) {
          queue.offer(object);
        }
      };
    }
  },
  VIBUR {
    @Override
    Buffers open() {
      return new Vibur(SIZE);
    }
  },
  FAST_OBJECT_POOL {
    @Override
    Buffers open() {
      return new FastObjectPool(SIZE);
    }
  };

  static final int SIZE = 256;

  abstract Buffers open();

  private static Buffers lending(ObjectPool<Object> pool) {
    return new Buffers() {
      @Override
      public Object take(int bytes) {
        return pool.acquire();
      }

      @Override
      public void give(Object object) {
        pool.release(object);
      }

      @Override
      public void close() {
        pool.close();
      }
    };
  }
}

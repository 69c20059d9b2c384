package dev.tidepool.pools.bench;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.RecyclerPool;
import dev.tidepool.pools.ArrayPool;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.DefaultByteBufferPool;
import org.apache.kafka.clients.producer.internals.BufferPool;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.jctools.queues.MpmcArrayQueue;

/** Who lends buffers; each set up as its own documentation has it, with room for every thread. */
public enum BufferPeer {
  NEW {
    @Override
    Buffers open(int size) {
      return new Buffers() {
        @Override
        public Object take(int bytes) {
          return new byte[bytes];
        }

        @Override
        public void give(Object buffer) {}
      };
    }
  },
  TIDEPOOL {
    @Override
    Buffers open(int size) {
      return tidepool(ArrayPool.ofBytes().exact().budget(256L << 20).build());
    }
  },
  NETTY_ADAPTIVE {
    @Override
    Buffers open(int size) {
      return netty(new AdaptiveByteBufAllocator(false, true));
    }
  },
  NETTY_POOLED {
    @Override
    Buffers open(int size) {
      return netty(new PooledByteBufAllocator(false));
    }
  },
  NETTY_RECYCLER {
    @Override
    Buffers open(int size) {
      return new NettyRecycler(size);
    }
  },
  COMMONS_POOL {
    @Override
    Buffers open(int size) {
      return new CommonsPool(size);
    }
  },
  STORMPOT {
    @Override
    Buffers open(int size) {
      return new Stormpot(size);
    }
  },
  JCTOOLS {
    @Override
    Buffers open(int size) {
      MpmcArrayQueue<byte[]> queue = new MpmcArrayQueue<>(ROOM);
      return new Buffers() {
        @Override
        public Object take(int bytes) {
          byte[] buffer = queue.poll();
          return buffer == null ? new byte[bytes] : buffer;
        }

        @Override
        public void give(Object buffer) {
          queue.offer((byte[]) buffer);
        }
      };
    }
  },
  JACKSON_THREAD_LOCAL {
    @Override
    Buffers open(int size) {
      return jackson(JsonRecyclerPools.threadLocalPool());
    }
  },
  JACKSON_DEQUE {
    @Override
    Buffers open(int size) {
      return jackson(JsonRecyclerPools.newConcurrentDequePool());
    }
  },
  JETTY {
    @Override
    Buffers open(int size) {
      ArrayByteBufferPool pool = new ArrayByteBufferPool(0, 4096, 1 << 20);
      return new Buffers() {
        @Override
        public Object take(int bytes) {
          return pool.acquire(bytes, false);
        }

        @Override
        public void give(Object buffer) {
          ((RetainableByteBuffer) buffer).release();
        }
      };
    }
  },
  UNDERTOW {
    @Override
    Buffers open(int size) {
      ByteBufferPool pool = new DefaultByteBufferPool(false, size, ROOM, 12);
      return new Buffers() {
        @Override
        public Object take(int bytes) {
          return pool.allocate();
        }

        @Override
        public void give(Object buffer) {
          ((PooledByteBuffer) buffer).close();
        }

        @Override
        public void close() {
          pool.close();
        }
      };
    }
  },
  OKIO {
    @Override
    Buffers open(int size) {
      return new Buffers() {
        @Override
        public Object take(int bytes) {
          okio.Buffer buffer = new okio.Buffer();
          try (okio.Buffer.UnsafeCursor cursor = buffer.readAndWriteUnsafe()) {
            cursor.resizeBuffer(bytes);
          }
          return buffer;
        }

        @Override
        public void give(Object buffer) {
          ((okio.Buffer) buffer).clear();
        }
      };
    }
  },
  KAFKA {
    @Override
    Buffers open(int size) {
      BufferPool pool =
          new BufferPool((long) ROOM * size, size, new Metrics(), Time.SYSTEM, "bench");
      return new Buffers() {
        @Override
        public Object take(int bytes) throws InterruptedException {
          return pool.allocate(bytes, 1000);
        }

        @Override
        public void give(Object buffer) {
          pool.deallocate((java.nio.ByteBuffer) buffer);
        }
      };
    }
  },
  VIBUR {
    @Override
    Buffers open(int size) {
      return new Vibur(size);
    }
  },
  FAST_OBJECT_POOL {
    @Override
    Buffers open(int size) {
      return new FastObjectPool(size);
    }
  };

  /** Buffers that a bounded peer may have. */
  static final int ROOM = 64;

  abstract Buffers open(int size);

  static Buffers tidepool(ArrayPool<byte[]> pool) {
    return new Buffers() {
      @Override
      public Object take(int bytes) {
        return pool.acquire(bytes);
      }

      @Override
      public void give(Object buffer) {
        pool.release((byte[]) buffer);
      }

      @Override
      public void close() {
        pool.close();
      }
    };
  }

  static Buffers netty(ByteBufAllocator allocator) {
    return new Buffers() {
      @Override
      public Object take(int bytes) {
        return allocator.heapBuffer(bytes);
      }

      @Override
      public void give(Object buffer) {
        ((ByteBuf) buffer).release();
      }
    };
  }

  static Buffers jackson(RecyclerPool<BufferRecycler> pool) {
    return new Buffers() {
      @Override
      public Object take(int bytes) {
        BufferRecycler recycler = pool.acquireAndLinkPooled();
        byte[] buffer = recycler.allocByteBuffer(BufferRecycler.BYTE_READ_IO_BUFFER, bytes);
        return new JacksonBuffer(recycler, buffer);
      }

      @Override
      public void give(Object lent) {
        JacksonBuffer buffer = (JacksonBuffer) lent;
        buffer.recycler().releaseByteBuffer(BufferRecycler.BYTE_READ_IO_BUFFER, buffer.bytes());
        buffer.recycler().releaseToPool();
      }
    };
  }
}

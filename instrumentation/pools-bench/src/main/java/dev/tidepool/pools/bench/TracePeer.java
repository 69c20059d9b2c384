package dev.tidepool.pools.bench;

import dev.tidepool.pools.ArrayPool;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;

/** The peers that lend buffers of any size. */
public enum TracePeer {
  NEW {
    @Override
    Buffers open() {
      return BufferPeer.NEW.open(0);
    }
  },
  TIDEPOOL {
    @Override
    Buffers open() {
      return BufferPeer.tidepool(ArrayPool.ofBytes().powersOfTwo().budget(256L << 20).build());
    }
  },
  NETTY_ADAPTIVE {
    @Override
    Buffers open() {
      return BufferPeer.netty(new AdaptiveByteBufAllocator(false, true));
    }
  },
  NETTY_POOLED {
    @Override
    Buffers open() {
      return BufferPeer.netty(new PooledByteBufAllocator(false));
    }
  },
  JETTY {
    @Override
    Buffers open() {
      return BufferPeer.JETTY.open(0);
    }
  },
  OKIO {
    @Override
    Buffers open() {
      return BufferPeer.OKIO.open(0);
    }
  },
  KAFKA {
    @Override
    Buffers open() {
      return BufferPeer.KAFKA.open(1 << 16);
    }
  };

  abstract Buffers open();
}

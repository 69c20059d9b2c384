package dev.tidepool.pools.bench;

import java.util.concurrent.TimeUnit;
import stormpot.Allocator;
import stormpot.BasePoolable;
import stormpot.Pool;
import stormpot.Slot;
import stormpot.Timeout;

/** Stormpot with its default, threaded allocation. */
final class Stormpot implements Buffers {
  static final class PooledHolder extends BasePoolable {
    final byte[] bytes;

    PooledHolder(Slot slot, int size) {
      super(slot);
      bytes = new byte[size];
    }
  }

  private static final Timeout TIMEOUT = new Timeout(1, TimeUnit.SECONDS);

  private final Pool<PooledHolder> pool;

  Stormpot(int size) {
    pool =
        Pool.from(
                new Allocator<PooledHolder>() {
                  @Override
                  public PooledHolder allocate(Slot slot) {
                    return new PooledHolder(slot, size);
                  }

                  @Override
                  public void deallocate(PooledHolder holder) {}
                })
            .setSize(BufferPeer.ROOM)
            .build();
  }

  @Override
  public Object take(int bytes) throws InterruptedException {
    return pool.claim(TIMEOUT);
  }

  @Override
  public void give(Object buffer) {
    ((PooledHolder) buffer).release();
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}

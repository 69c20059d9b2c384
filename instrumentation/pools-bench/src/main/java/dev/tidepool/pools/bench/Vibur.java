package dev.tidepool.pools.bench;

import org.vibur.objectpool.ConcurrentPool;
import org.vibur.objectpool.PoolObjectFactory;
import org.vibur.objectpool.util.ConcurrentLinkedDequeCollection;

/** Vibur's concurrent pool, its fastest, unfair. */
final class Vibur implements Buffers {
  private final ConcurrentPool<byte[]> pool;

  Vibur(int size) {
    pool =
        new ConcurrentPool<>(
            new ConcurrentLinkedDequeCollection<>(),
            new PoolObjectFactory<byte[]>() {
              @Override
              public byte[] create() {
                return new byte[size];
              }

              @Override
              public boolean readyToTake(byte[] bytes) {
                return true;
              }

              @Override
              public boolean readyToRestore(byte[] bytes) {
                return true;
              }

              @Override
              public void destroy(byte[] bytes) {}
            },
            1,
            BufferPeer.ROOM,
            false);
  }

  @Override
  public Object take(int bytes) {
    return pool.take();
  }

  @Override
  public void give(Object buffer) {
    pool.restore((byte[]) buffer);
  }

  @Override
  public void close() {
    pool.close();
  }
}

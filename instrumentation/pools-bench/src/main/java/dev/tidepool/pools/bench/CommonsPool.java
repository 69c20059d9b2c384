package dev.tidepool.pools.bench;

import java.time.Duration;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;

/** Commons Pool 2: the generic pool, blocking when exhausted. */
final class CommonsPool implements Buffers {
  private final GenericObjectPool<byte[]> pool;

  CommonsPool(int size) {
    pool =
        new GenericObjectPool<>(
            new BasePooledObjectFactory<>() {
              @Override
              public byte[] create() {
                return new byte[size];
              }

              @Override
              public PooledObject<byte[]> wrap(byte[] bytes) {
                return new DefaultPooledObject<>(bytes);
              }
            });
    pool.setMaxTotal(BufferPeer.ROOM);
    pool.setMaxIdle(BufferPeer.ROOM);
    pool.setMaxWait(Duration.ofSeconds(1));
  }

  @Override
  public Object take(int bytes) throws Exception {
    return pool.borrowObject();
  }

  @Override
  public void give(Object buffer) {
    pool.returnObject((byte[]) buffer);
  }

  @Override
  public void close() {
    pool.close();
  }
}

package dev.tidepool.pools.bench;

/** fast-object-pool with four partitions. */
final class FastObjectPool implements Buffers {
  private final cn.danielw.fop.ObjectPool<byte[]> pool;

  FastObjectPool(int size) {
    cn.danielw.fop.PoolConfig config = new cn.danielw.fop.PoolConfig();
    config.setPartitionSize(4);
    config.setMaxSize(BufferPeer.ROOM / 4);
    config.setMinSize(1);
    pool =
        new cn.danielw.fop.ObjectPool<>(
            config,
            new cn.danielw.fop.ObjectFactory<byte[]>() {
              @Override
              public byte[] create() {
                return new byte[size];
              }

              @Override
              public void destroy(byte[] bytes) {}

              @Override
              public boolean validate(byte[] bytes) {
                return true;
              }
            });
  }

  @Override
  public Object take(int bytes) {
    return pool.borrowObject();
  }

  @Override
  @SuppressWarnings("unchecked") // what take gave
  public void give(Object buffer) {
    pool.returnObject((cn.danielw.fop.Poolable<byte[]>) buffer);
  }

  @Override
  public void close() throws InterruptedException {
    pool.shutdown();
  }
}

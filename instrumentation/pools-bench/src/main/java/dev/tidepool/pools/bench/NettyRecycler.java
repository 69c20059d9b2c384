package dev.tidepool.pools.bench;

import io.netty.util.Recycler;

/** Netty's Recycler with its default settings, recycling holders of one array each. */
final class NettyRecycler implements Buffers {
  static final class RecycledHolder {
    final Recycler.Handle<RecycledHolder> handle;
    final byte[] bytes;

    RecycledHolder(Recycler.Handle<RecycledHolder> handle, int size) {
      this.handle = handle;
      this.bytes = new byte[size];
    }
  }

  private final Recycler<RecycledHolder> recycler;

  NettyRecycler(int size) {
    recycler =
        new Recycler<>() {
          @Override
          protected RecycledHolder newObject(Handle<RecycledHolder> handle) {
            return new RecycledHolder(handle, size);
          }
        };
  }

  @Override
  public Object take(int bytes) {
    return recycler.get();
  }

  @Override
  public void give(Object buffer) {
    RecycledHolder holder = (RecycledHolder) buffer;
    holder.handle.recycle(holder);
  }
}

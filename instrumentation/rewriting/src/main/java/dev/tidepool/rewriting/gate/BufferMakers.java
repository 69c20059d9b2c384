package dev.tidepool.rewriting.gate;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Which methods make direct buffers: from time to time the stack is looked at on which one is made.
 * JFR shows what is allocated on the heap, where such a buffer is next to nothing.
 */
public final class BufferMakers {
  /** A prime: makers that take turns shall each be seen. */
  private static final int LOOK_EVERY = 67;

  private static final int DEEPEST = 24;
  private static final int MOST = 64;

  private final StackWalker walker =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
  private final Set<Maker> seen = ConcurrentHashMap.newKeySet();

  /** Lost counts do no harm. */
  private int calls;

  BufferMakers() {
    // loads what a look needs, here and not in the application's threads
    find();
    seen.add(new Maker(BufferMakers.class, "", ""));
    seen.clear();
  }

  /** A method that calls {@code ByteBuffer.allocateDirect}. */
  public record Maker(Class<?> type, String method, String descriptor) {}

  /** Told of each buffer, on the stack that makes it. */
  void making() {
    if (++calls % LOOK_EVERY == 0 && seen.size() < MOST) {
      try {
        Maker maker = find();
        if (maker != null) {
          seen.add(maker);
        }
      } catch (Throwable noStackLeft) {
        // the memory taken for the buffer is in nobody's hands yet: nothing may be thrown here
      }
    }
  }

  private Maker find() {
    return walker.walk(BufferMakers::find);
  }

  private static Maker find(Stream<StackFrame> frames) {
    boolean called = false;
    Iterator<StackFrame> each = frames.limit(DEEPEST).iterator();
    while (each.hasNext()) {
      StackFrame frame = each.next();
      if (called) {
        return new Maker(frame.getDeclaringClass(), frame.getMethodName(), frame.getDescriptor());
      }
      called =
          frame.getMethodName().equals("allocateDirect")
              && frame.getClassName().equals("java.nio.ByteBuffer");
    }
    return null;
  }

  /** Those seen since this was asked last. */
  public List<Maker> drain() {
    List<Maker> drained = new ArrayList<>(seen);
    seen.removeAll(drained);
    return drained;
  }
}

package dev.tidepool.rewriting.live;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * Whether direct buffers come and go, from the JDK's own statistics.
 *
 * <p>They say how many there are, not how many there were; but where many are made and dropped the
 * number is another one at nearly every look. Most programs make a few and keep them: in those the
 * classes of direct buffers, which all channels use, need not be touched.
 */
final class DirectChurn {
  private static final int LOOKS = 8;
  private static final int ENOUGH = 3;

  private final BufferPoolMXBean bean = bean();
  private long last = -1;
  private int changes;

  private static BufferPoolMXBean bean() {
    try {
      for (BufferPoolMXBean each : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
        if (each.getName().equals("direct")) {
          return each;
        }
      }
    } catch (RuntimeException | LinkageError noManagement) {
      // then nothing is known, and buffers are looked at themselves
    }
    return null;
  }

  /** One look, about a second after the one before. */
  void look() {
    if (bean != null) {
      look(bean.getCount());
    }
  }

  void look(long count) {
    boolean changed = last >= 0 && count != last;
    last = count;
    changes = ((changes << 1) | (changed ? 1 : 0)) & ((1 << LOOKS) - 1);
  }

  /** Whether they do, or may: where nothing is known the buffers themselves are to be looked at. */
  boolean isChurned() {
    return bean == null || isSeen();
  }

  /** Whether they were seen to. */
  boolean isSeen() {
    return Integer.bitCount(changes) >= ENOUGH;
  }
}

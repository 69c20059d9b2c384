package dev.tidepool.tuning.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;

class GcBeansTest {
  private static long heap(Map<String, MemoryUsage> pools, ToLongFunction<MemoryUsage> item) {
    List<String> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .toList();
    return heap.stream().map(pools::get).mapToLong(item).sum();
  }

  private static GcBeans.Collection asTheJdkReadsIt(CompositeData data) {
    GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo.from(data);
    return new GcBeans.Collection(
        info.getGcName(),
        info.getGcAction(),
        info.getGcCause(),
        info.getGcInfo().getEndTime() / 1e3,
        info.getGcInfo().getDuration() / 1e3,
        heap(info.getGcInfo().getMemoryUsageBeforeGc(), MemoryUsage::getUsed),
        heap(info.getGcInfo().getMemoryUsageAfterGc(), MemoryUsage::getUsed),
        heap(info.getGcInfo().getMemoryUsageAfterGc(), MemoryUsage::getCommitted));
  }

  @Test
  void aNotificationSaysWhatTheJdkReadsInIt() throws Exception {
    BlockingQueue<GcBeans.Collection> expected = new LinkedBlockingQueue<>();
    BlockingQueue<GcBeans.Collection> read = new LinkedBlockingQueue<>();
    NotificationListener other =
        (notification, handback) ->
            expected.add(asTheJdkReadsIt((CompositeData) notification.getUserData()));
    List<NotificationEmitter> emitters = new ArrayList<>();
    for (var bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      emitters.add((NotificationEmitter) bean);
    }
    emitters.forEach(emitter -> emitter.addNotificationListener(other, null, null));
    try (GcBeans beans = new GcBeans()) {
      beans.listener(read::add);
      System.gc();
      GcBeans.Collection first = read.poll(20, TimeUnit.SECONDS);
      GcBeans.Collection same = expected.poll(20, TimeUnit.SECONDS);
      while (same != null && first != null && same.second() < first.second()) {
        same = expected.poll(20, TimeUnit.SECONDS); // one from before ours was listening
      }
      assertThat(first).isNotNull().isEqualTo(same);
      assertThat(first.after()).isPositive();
    } finally {
      for (NotificationEmitter emitter : emitters) {
        emitter.removeNotificationListener(other);
      }
    }
  }
}

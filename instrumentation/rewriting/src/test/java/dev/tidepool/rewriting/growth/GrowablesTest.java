package dev.tidepool.rewriting.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.CharArrayWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The list says what the classes of this Java version do. */
class GrowablesTest {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();

  static volatile Object kept;

  static Stream<Arguments> growing() {
    return Stream.of(
        growing("java/io/ByteArrayOutputStream", ByteArrayOutputStream::new),
        growing("java/io/CharArrayWriter", CharArrayWriter::new),
        growing("java/lang/StringBuilder", StringBuilder::new),
        growing("java/util/ArrayList", ArrayList::new),
        growing("java/util/ArrayDeque", ArrayDeque::new),
        growing("java/util/PriorityQueue", PriorityQueue::new));
  }

  private static Arguments growing(String name, Supplier<Object> make) {
    return Arguments.of(name, make);
  }

  private static Object keep(Object object) {
    kept = object;
    return object;
  }

  private static void fill(Object object, int n) {
    for (int i = 0; i < n; i++) {
      if (object instanceof ByteArrayOutputStream stream) {
        stream.write(i);
      } else if (object instanceof CharArrayWriter writer) {
        writer.write(i);
      } else if (object instanceof StringBuilder text) {
        text.append('x');
      } else if (object instanceof ArrayList<?> list) {
        add(list);
      } else if (object instanceof ArrayDeque<?> deque) {
        add(deque);
      } else if (object instanceof PriorityQueue<?> queue) {
        add(queue);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static void add(java.util.Collection<?> collection) {
    ((java.util.Collection<Object>) collection).add("");
  }

  /** Holds the model of growth against the bytes that the thread really allocates. */
  @ParameterizedTest
  @MethodSource("growing")
  void growsAsTheListSays(String name, Supplier<Object> make) {
    Growable growable = Growables.load().get(name);
    long object =
        least(() -> keep(make.get())) - (growable.lazy() ? 0 : growable.bytes(start(growable), 0));
    assertThat(object).isBetween(0L, 100L);
    for (int size : new int[] {1, 10, 17, 33, 100, 1_000, 30_000}) {
      long real = least(() -> fill(keep(make.get()), size)) - object;
      long model = growable.bytes(start(growable), size);
      assertThat((double) model).isBetween(0.98 * real - 64, 1.02 * real + 64);
    }
  }

  private static Growable.Start start(Growable growable) {
    return new Growable.Start(growable.capacity(), growable.lazy(), false);
  }

  private static long least(Runnable work) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      work.run();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  @Test
  void whatShowsItsCapacityInItsOrderOrItsSerializedFormIsNotThere() {
    Growables list = Growables.load();
    for (String name :
        new String[] {"HashMap", "HashSet", "LinkedHashMap", "LinkedHashSet", "Vector"}) {
      assertThat(list.get("java/util/" + name)).isNull();
    }
    assertThat(list.get("java/lang/StringBuilder").sight()).isEqualTo(Growable.Sight.OPEN);
  }
}

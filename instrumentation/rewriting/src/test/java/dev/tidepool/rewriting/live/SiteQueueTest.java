package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SiteQueueTest {
  @Test
  void ranksCanRiseAndFallAtAnyTime() {
    SiteQueue<String> queue = new SiteQueue<>();
    queue.rank("a", 1);
    queue.rank("b", 2);
    queue.rank("c", 3);
    queue.rank("a", 9);
    queue.rank("c", 0);
    assertThat(List.of(queue.poll(), queue.poll(), queue.poll())).containsExactly("a", "b", "c");
    assertThat(queue.poll()).isNull();
  }

  @Test
  void behavesLikeASortedListUnderAnyMixOfChanges() {
    Random random = new Random(7);
    SiteQueue<Integer> queue = new SiteQueue<>();
    Map<Integer, Double> model = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      int element = random.nextInt(200);
      if (random.nextInt(4) == 0) {
        assertThat(queue.remove(element)).isEqualTo(model.remove(element) != null);
      } else {
        double rank = random.nextDouble();
        queue.rank(element, rank);
        model.put(element, rank);
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
    List<Integer> expected = new ArrayList<>(model.keySet());
    expected.sort(Comparator.comparing(model::get).reversed());
    List<Integer> actual = new ArrayList<>();
    while (queue.peek() != null) {
      actual.add(queue.poll());
    }
    assertThat(actual).isEqualTo(expected);
  }
}

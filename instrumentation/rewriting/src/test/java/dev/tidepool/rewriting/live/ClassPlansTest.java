package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.remedy.Treatment;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class ClassPlansTest {
  private static final Class<?> TYPE = ClassPlansTest.class;

  private final ClassPlans plans = new ClassPlans(new ClassRewriter("java/lang/Gate"));
  private final SitePlan plan =
      new SitePlan(7, "plannedAndWithdrawnIsNoChange", "()V", 0, new Treatment.Count());

  @Test
  void plannedAndWithdrawnIsNoChange() {
    assertThat(plans.isPending(TYPE)).isFalse();
    plans.add(TYPE, plan, 1);
    assertThat(plans.isPending(TYPE)).isTrue();
    plans.remove(TYPE, 7);
    assertThat(plans.isPending(TYPE)).isFalse();
  }

  @Test
  void whatRanIsPendingOnceItIsWithdrawn() {
    plans.add(TYPE, plan, 1);
    plans.ran(TYPE);
    assertThat(plans.isPending(TYPE)).isFalse();
    plans.remove(TYPE, 7);
    assertThat(plans.isPending(TYPE)).isTrue();
    plans.ran(TYPE);
    assertThat(plans.isPending(TYPE)).isFalse();
  }

  @Test
  void whatSomebodyElseMayHaveBroughtInIsPendingToo() throws IOException {
    plans.add(TYPE, plan, 1);
    try (InputStream in = TYPE.getResourceAsStream("ClassPlansTest.class")) {
      plans.rewrite(TYPE, in.readAllBytes());
    }
    plans.remove(TYPE, 7);
    assertThat(plans.isPending(TYPE)).isTrue();
  }
}

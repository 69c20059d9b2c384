package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.SiteCounts;
import dev.tidepool.rewriting.gate.SiteMode;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.gate.SizeReader;
import dev.tidepool.rewriting.gate.Verification;
import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.Breaker;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;

class TrackedSiteTest {
  private final GateRuntime runtime =
      new GateRuntime(new PrimitivePools(1 << 20), (receiver, guard) -> true, Verification.OFF);
  private final TrackedSite site =
      new TrackedSite(
          "id",
          new SiteKey(new MethodKey(new TypeRef("a/B", LoaderRef.BOOT), "c", "()V"), 3),
          new TrackedSite.Place(0, new Allocation.Array(Opcodes.T_BYTE), 7, 0),
          String.class,
          runtime,
          new ArrayDeque<>());

  private Breaker in(SiteState state, boolean planned) {
    site.planned(planned);
    site.become(state, "", 0);
    return site.report().breaker();
  }

  @Test
  void aSiteTakenBackIsOpenThenHalfOpenUntilItHasGained() {
    site.moveTo(runtime.open(new SiteSpec(Opcodes.T_BYTE, 64, false, false)));
    assertThat(in(SiteState.ACTIVE, true)).isEqualTo(Breaker.CLOSED);

    site.setBack(true);
    assertThat(in(SiteState.REVERTED, false)).isEqualTo(Breaker.OPEN);
    assertThat(in(SiteState.COUNTED, true)).as("asked again").isEqualTo(Breaker.OPEN);
    assertThat(in(SiteState.TRIAL, true)).isEqualTo(Breaker.HALF_OPEN);
    assertThat(in(SiteState.ACTIVE, true)).isEqualTo(Breaker.HALF_OPEN);

    site.setBack(false);
    assertThat(in(SiteState.ACTIVE, true)).isEqualTo(Breaker.CLOSED);
  }

  @Test
  void aSiteIsTooSmallWhereLittleOfWhatItMakesCouldComeFromThePool() {
    RewritingSettings settings = RewritingSettings.defaults().withMinBytes(2048);
    // a thousand arrays each: all small, a tenth of them large, two of them large
    assertThat(Trials.isTooSmall(counts(1_900_000, 1_900_000), settings)).isTrue();
    assertThat(Trials.isTooSmall(counts(900_000, 100_000), settings)).isFalse();
    assertThat(Trials.isTooSmall(counts(110_000, 100_000), settings)).isTrue();
  }

  private static SiteCounts counts(long bytes, long smallBytes) {
    return new SiteCounts(1_000, bytes, 0, 0, 0, 0, 0, smallBytes);
  }

  @Test
  void whatGainsNothingIsTriedEverMoreSeldom() {
    List<Long> minutes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Trials.rest(site, 0);
      minutes.add(TimeUnit.NANOSECONDS.toMinutes(site.retryAt));
    }
    assertThat(minutes).containsExactly(2L, 8L, 32L, 32L);
  }

  @Test
  void whatGoesOnWithAFreshRowLeavesNothingOfTheOldOne() throws Exception {
    ClassPlans plans = new ClassPlans(new ClassRewriter("java/lang/Gate"));
    Sites sites = new Sites(runtime, plans, (before, report) -> {});
    sites.openRow(site, new SiteSpec(Opcodes.T_BYTE, 0, false, false));
    int old = site.row();
    runtime.grows(old, SizeReader.of(Growing.class, null, "elements", "size", null));
    assertThat(runtime.growth(old)).isNotNull();
    sites.openRow(site, new SiteSpec(Opcodes.T_BYTE, 0, false, false));
    assertThat(site.row()).isNotEqualTo(old);
    assertThat(runtime.growth(old)).isNull();
    assertThat(runtime.mode(old)).isEqualTo(SiteMode.INVALID);
    assertThat(runtime.mode(site.row())).isEqualTo(SiteMode.COUNT);
  }

  /** As lists are. */
  @SuppressWarnings("unused") // read by name
  private static final class Growing {
    private final Object[] elements = new Object[10];
    private final int size = 0;
  }

  private void hear(long bytes, double seconds, long second) {
    StackTraceElement user = new StackTraceElement("app.A", "b", null, 12);
    Nomination hint =
        new Nomination("a.B", null, "c", "()V", 3, 7, Set.of(), bytes, seconds, 1, false, user);
    site.hear(hint, 1, TimeUnit.SECONDS.toNanos(second));
  }

  private double rateAt(long second) {
    site.bySamples(TimeUnit.SECONDS.toNanos(second));
    return site.report().bytesPerSecond();
  }

  @Test
  void aRateFromSamplesIsRightOnAverage() {
    hear(20_000, 20, 100); // collected for long before it was hot enough to be told
    assertThat(rateAt(100)).isEqualTo(1_000);
    hear(10_000, 10, 110);
    assertThat(rateAt(120)).isEqualTo(1_000);
    assertThat(rateAt(135)).as("nothing for long: made ten seconds of twenty").isEqualTo(500);
    assertThat(site.report().sampled()).isTrue();
    assertThat(site.report().madeFor().getLineNumber()).isEqualTo(12);
  }

  @Test
  void whatIsTakenBackGoesOnBySamplesOnceNothingCounts() {
    site.moveTo(runtime.open(new SiteSpec(Opcodes.T_BYTE, 64, false, false)));
    hear(10_000, 10, 1);
    site.sampleRate(TimeUnit.SECONDS.toNanos(2));
    assertThat(site.report().bytesPerSecond()).isEqualTo(1_000);
  }

  @Test
  void whatTheUserTakesBackHasDoneNothingWrong() {
    assertThat(in(SiteState.REVERTED, false)).isEqualTo(Breaker.CLOSED);
  }
}

package dev.tidepool.rewriting.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.pools.Pressure;
import dev.tidepool.pools.PrimitivePools;
import dev.tidepool.rewriting.gate.GateEvent.Kind;
import dev.tidepool.rewriting.site.Breaker;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateRuntimeTest {
  private static final int MIN_BYTES = 1024;

  private final PrimitivePools pools = new PrimitivePools(10_000_000);
  private final GateRuntime runtime =
      new GateRuntime(pools, (receiver, guard) -> receiver instanceof String, Verification.OFF);

  @BeforeEach
  void connect() {
    runtime.connect(Gate.class, (host, bytes) -> {});
  }

  @AfterEach
  void disconnect() {
    GateRuntime.disconnect(Gate.class);
  }

  private int open(SiteMode mode) {
    return open(mode, false);
  }

  private int open(SiteMode mode, boolean secret) {
    int site = runtime.open(new SiteSpec(8, MIN_BYTES, false, secret));
    runtime.mode(site, mode);
    return site;
  }

  @Test
  void aReleasedArrayComesBackCleared() {
    int site = open(SiteMode.POOL);
    byte[] first = Gate.acquireBytes(5000, site);
    first[17] = 1;
    Gate.release(first, site);
    byte[] second = Gate.acquireBytes(5000, site);
    assertThat(second).isSameAs(first).containsOnly(0);
  }

  /** The array comes as it was left: the gate overwrites all of it. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11})
  void aCopyShowsNothingOfWhatWasLeftThere(int type) {
    int site = runtime.open(new SiteSpec(type, 64, true, false));
    runtime.mode(site, SiteMode.POOL);
    Object ones = ones(type, 3000);
    Object first = Gate.copyOf(ones, 3000, site);
    Gate.release(first, site);
    Object longer = Gate.copyOf(ones(type, 1000), 3000, site);
    assertThat(longer).isSameAs(first);
    assertThat(sum(longer, 0, 1000)).isEqualTo(1000);
    assertThat(sum(longer, 1000, 3000)).isZero();
    Gate.release(Gate.copyOf(ones, 3000, site), site);
    Gate.release(longer, site);
    Object beyond = Gate.copyOfRange(ones, 2990, 5990, site);
    assertThat(beyond).isSameAs(first);
    assertThat(sum(beyond, 0, 10)).isEqualTo(10);
    assertThat(sum(beyond, 10, 3000)).isZero();
    Gate.release(beyond, site);
    Object shorter = Gate.copyOf(ones, 2000, site);
    assertThat(sum(shorter, 0, 2000)).isEqualTo(2000);
    assertThat(Array.getLength(shorter)).isEqualTo(2000);
  }

  private static Object ones(int type, int length) {
    Object array = Primitive.create(type, length);
    for (int i = 0; i < length; i++) {
      switch (type) {
        case 4 -> Array.setBoolean(array, i, true);
        case 5 -> Array.setChar(array, i, (char) 1);
        default -> Array.setByte(array, i, (byte) 1);
      }
    }
    return array;
  }

  private static double sum(Object array, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += array instanceof boolean[] flags ? (flags[i] ? 1 : 0) : Array.getDouble(array, i);
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(
      value = SiteMode.class,
      names = {"COUNT", "SHADOW", "POOL"})
  void bytesThatAreTooSmallForThePoolAreToldApart(SiteMode mode) {
    int site = open(mode);
    for (int i = 0; i < 9; i++) {
      Gate.acquireBytes(100, site);
    }
    Gate.acquireBytes(9_100, site);
    assertThat(runtime.counts(site).bytes()).isEqualTo(10_000);
    assertThat(runtime.counts(site).smallBytes()).isEqualTo(900);
    assertThat(runtime.counts(site).poolableBytes()).isEqualTo(910);
  }

  @Test
  void whereMemoryIsShortGrowingObjectsStartAsTheCodeSays() throws Exception {
    int site = open(SiteMode.POOL);
    runtime.grows(site, SizeReader.of(Growing.class, null, "elements", "size", null));
    runtime.growth(site).start(1000);
    assertThat(Gate.capacity(10, site)).isEqualTo(1000);
    pools.trim(Pressure.HIGH);
    assertThat(Gate.capacity(10, site)).isEqualTo(10);
    pools.trim(Pressure.MEDIUM);
    assertThat(Gate.capacity(10, site)).isEqualTo(1000);
  }

  /** As lists are. */
  @SuppressWarnings("unused") // read by name
  private static final class Growing {
    private final Object[] elements = new Object[10];
    private final int size = 3;
  }

  @Test
  void aLentArrayIsNotLentAgain() {
    int site = open(SiteMode.POOL);
    Gate.release(Gate.acquireBytes(5000, site), site);
    assertThat(Gate.acquireBytes(5000, site)).isNotSameAs(Gate.acquireBytes(5000, site));
  }

  @Test
  void smallArraysAreCountedButNotPooled() {
    int site = open(SiteMode.POOL);
    byte[] small = Gate.acquireBytes(MIN_BYTES - 1, site);
    Gate.release(small, site);
    assertThat(Gate.acquireBytes(MIN_BYTES - 1, site)).isNotSameAs(small);
    assertThat(runtime.counts(site).allocations()).isEqualTo(2);
    assertThat(runtime.counts(site).bytes()).isEqualTo(2 * (MIN_BYTES - 1));
  }

  @ParameterizedTest
  @EnumSource(names = {"COUNT", "SHADOW", "INVALID"})
  void inNoOtherModeAnArrayReachesThePool(SiteMode mode) {
    int site = open(mode);
    byte[] array = Gate.acquireBytes(5000, site);
    Gate.release(array, site);
    int other = open(SiteMode.POOL);
    assertThat(Gate.acquireBytes(5000, other)).isNotSameAs(array);
  }

  @Test
  void aSiteInvalidatedWhileAFrameHoldsItsArrayDropsIt() {
    int site = open(SiteMode.POOL);
    byte[] array = Gate.acquireBytes(5000, site);
    runtime.mode(site, SiteMode.INVALID);
    runtime.mode(site, SiteMode.POOL);
    Gate.release(array, site);
    assertThat(runtime.mode(site)).isEqualTo(SiteMode.INVALID);
    assertThat(Gate.acquireBytes(5000, open(SiteMode.POOL))).isNotSameAs(array);
  }

  @Test
  void aClosedSiteDropsWhatFramesUnderWayGiveBack() {
    int site = open(SiteMode.POOL);
    byte[] array = Gate.acquireBytes(5000, site);
    runtime.close(site);
    Gate.release(array, site);
    assertThat(Gate.acquireBytes(5000, site)).hasSize(5000).isNotSameAs(array);
    assertThat(Gate.acquireBytes(5000, open(SiteMode.POOL))).isNotSameAs(array);
  }

  @Test
  void aClosedSiteLetsGoOfWhatItWatches() {
    runtime.verification(Verification.POISON);
    int site = open(SiteMode.POOL);
    Gate.release(Gate.acquireBytes(5000, site), site);
    assertThat(runtime.quarantinedBytes()).hasValue(5000);
    runtime.close(site);
    assertThat(runtime.quarantinedBytes()).hasValue(0);
  }

  @Test
  void hitsAndMissesOfThePoolAreTheSites() {
    int site = open(SiteMode.POOL);
    for (int i = 0; i < 10; i++) {
      Gate.release(Gate.acquireBytes(5000, site), site);
    }
    SiteCounts counts = runtime.counts(site);
    assertThat(counts.allocations()).isEqualTo(10);
    assertThat(counts.hits() + counts.misses()).isEqualTo(10);
    assertThat(counts.hits()).isGreaterThanOrEqualTo(8);
    assertThat(counts.bytesSaved()).isGreaterThanOrEqualTo(8 * 5000);
  }

  @Test
  void secretsAreClearedWhenReleased() {
    int site = open(SiteMode.POOL, true);
    byte[] array = Gate.acquireBytes(5000, site);
    array[4999] = 42;
    Gate.release(array, site);
    assertThat(array).containsOnly(0);
  }

  @Test
  void guardsAskAboutTheReceiver() {
    int site = open(SiteMode.POOL);
    byte[] array = Gate.acquireBytes(5000, site);
    assertThat(Gate.guard("proven", array, 3, site)).isSameAs(array);
    assertThat(Gate.guard(new Object(), array, 3, site)).isNull();
    assertThat(Gate.guard(null, array, 3, site)).isNull();
  }

  @Test
  void aSiteThatEndedAsksNobodyAndCountsNothing() {
    int site = open(SiteMode.POOL);
    runtime.mode(site, SiteMode.INVALID);
    byte[] array = Gate.acquireBytes(5000, site);
    assertThat(Gate.guard("proven", array, 3, site)).isNull();
    assertThat(runtime.counts(site)).isEqualTo(SiteCounts.NONE);
  }

  @Test
  void aPausedSiteAsksNobodyAndGoesOnCounting() {
    int site = open(SiteMode.POOL);
    runtime.mode(site, SiteMode.COUNT);
    byte[] array = Gate.acquireBytes(5000, site);
    assertThat(Gate.guard("proven", array, 3, site)).isNull();
    assertThat(runtime.counts(site).allocations()).isEqualTo(1);
    runtime.mode(site, SiteMode.POOL);
    assertThat(Gate.guard("proven", array, 3, site)).isSameAs(array);
  }

  @Test
  void poisonFindsAWriteAfterReleaseAndEndsTheSite() {
    runtime.verification(Verification.POISON);
    int site = open(SiteMode.POOL);
    byte[] kept = Gate.acquireBytes(5000, site);
    Gate.release(kept, site);
    assertThat(kept).as("reads after release see garbage").doesNotContain(0);
    kept[123] = 1;
    for (int i = 0; i < 20; i++) {
      Gate.release(Gate.acquireBytes(5000, site), site);
    }
    assertThat(runtime.mode(site)).isEqualTo(SiteMode.INVALID);
    List<GateEvent> events = runtime.drainEvents();
    assertThat(events).hasSize(1);
    assertThat(events.get(0).kind()).isEqualTo(Kind.WRITTEN_AFTER_RELEASE);
    assertThat(events.get(0).text()).contains("index 123");
  }

  @ParameterizedTest
  @EnumSource(names = {"SAMPLE", "POISON"})
  void wellBehavedCodeIsServedWhileItIsWatched(Verification verification) {
    runtime.verification(verification);
    int site = open(SiteMode.POOL);
    for (int i = 0; i < 5000; i++) {
      byte[] array = Gate.acquireBytes(2000, site);
      assertThat(array[i % 2000]).isZero();
      array[i % 2000] = 1;
      Gate.release(array, site);
    }
    assertThat(runtime.drainEvents()).isEmpty();
    assertThat(runtime.mode(site)).isEqualTo(SiteMode.POOL);
    assertThat(runtime.counts(site).hits()).isGreaterThan(4900);
  }

  @Test
  void aSampledWriteAfterReleaseIsFoundAmongManyGoodReleases() {
    runtime.verification(Verification.SAMPLE);
    int site = open(SiteMode.POOL);
    for (int i = 0; i < 40_000 && runtime.mode(site) == SiteMode.POOL; i++) {
      byte[] array = Gate.acquireBytes(2000, site);
      Gate.release(array, site);
      array[7] ^= 1;
    }
    assertThat(runtime.mode(site)).isEqualTo(SiteMode.INVALID);
  }

  @Test
  void whatIsWatchedIsLookedAtEverySecond() {
    runtime.verification(Verification.POISON);
    int site = open(SiteMode.POOL);
    byte[] kept = Gate.acquireBytes(5000, site);
    Gate.release(kept, site);
    runtime.tick();
    assertThat(runtime.drainEvents()).isEmpty();
    byte[] written = Gate.acquireBytes(5000, site);
    Gate.release(written, site);
    written[4999] = 0;
    runtime.tick();
    assertThat(runtime.drainEvents()).extracting(GateEvent::site).containsExactly(site);
  }

  @Test
  void arraysTooBigToWatchAreStillPoisoned() {
    runtime.verification(Verification.POISON);
    int site = open(SiteMode.POOL);
    byte[] huge = Gate.acquireBytes(65 << 20, site);
    Gate.release(huge, site);
    assertThat(huge[0]).isNotZero();
    assertThat(Gate.acquireBytes(65 << 20, site)).isNotSameAs(huge);
  }

  @Test
  void theTrialTellsKeptArraysFromLeftOnes() throws Exception {
    int leaves = open(SiteMode.SHADOW);
    int keeps = open(SiteMode.SHADOW);
    List<byte[]> kept = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Gate.release(Gate.acquireBytes(5000, leaves), leaves);
      byte[] array = Gate.acquireBytes(5000, keeps);
      kept.add(array);
      Gate.release(array, keeps);
    }
    TrialEvidence left = runtime.judgeTrial(leaves);
    TrialEvidence held = runtime.judgeTrial(keeps);
    for (int i = 0; i < 50 && (left.collected() < 8 || held.retained() < 8); i++) {
      System.gc();
      Thread.sleep(5);
      left = runtime.judgeTrial(leaves);
      held = runtime.judgeTrial(keeps);
    }
    assertThat(left).isEqualTo(new TrialEvidence(8, 0, 0));
    assertThat(held).isEqualTo(new TrialEvidence(0, 8, 0));
    assertThat(left.clean()).isTrue();
    assertThat(held.clean()).isFalse();
    assertThat(kept).hasSize(8);
  }

  @Test
  void countsOfManyThreadsAddUp() throws Exception {
    int site = open(SiteMode.COUNT);
    // as many threads as never share a stripe
    List<Thread> threads =
        Stream.generate(
                () ->
                    new Thread(
                        () -> {
                          for (int i = 0; i < 10_000; i++) {
                            Gate.count(100, site);
                          }
                        }))
            .limit(2)
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(runtime.counts(site).allocations()).isEqualTo(20_000);
    assertThat(runtime.counts(site).bytes()).isEqualTo(2_000_000);
  }

  @Test
  void aSiteWhoseReceiversCannotBeAskedIsTurnedOff() {
    GateRuntime failing =
        new GateRuntime(
            pools,
            (receiver, guard) -> {
              throw new IllegalStateException("no answer");
            },
            Verification.OFF);
    failing.connect(Gate.class, (host, bytes) -> {});
    int site = failing.open(new SiteSpec(8, MIN_BYTES, false, false));
    failing.mode(site, SiteMode.POOL);
    byte[] array = Gate.acquireBytes(5000, site);
    for (int i = 0; i < 3; i++) {
      assertThat(Gate.guard("x", array, 0, site)).isNull();
    }
    assertThat(failing.drainEvents())
        .extracting(GateEvent::kind)
        .containsExactly(Kind.BREAKER_OPEN);
    assertThat(failing.breaker(site)).isEqualTo(Breaker.OPEN);
    Gate.release(array, site);
    assertThat(Gate.acquireBytes(5000, site)).isNotSameAs(array);
  }

  @Test
  void anAgentThatComesLaterNeverUsesAnIdAgain() {
    int before = runtime.open(new SiteSpec(8, 64, false, false));
    GateRuntime.disconnect(Gate.class);
    GateRuntime later =
        new GateRuntime(new PrimitivePools(1 << 20), (receiver, guard) -> false, Verification.OFF);
    later.connect(Gate.class, (host, bytes) -> {});
    int after = later.open(new SiteSpec(8, 64, false, false));
    later.mode(after, SiteMode.POOL);

    assertThat(after).isGreaterThan(before);
    Gate.release(new byte[5000], before); // a frame that began under the first agent
    assertThat(Gate.acquireBytes(5000, after)).hasSize(5000);
    assertThat(later.counts(after).hits()).isZero();
  }
}

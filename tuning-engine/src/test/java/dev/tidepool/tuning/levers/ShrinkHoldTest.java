package dev.tidepool.tuning.levers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShrinkHoldTest {
  private static final long MB = 1L << 20;
  private static final String HELD = "100";
  private static final String FOUND = "70";

  private double second;
  private long committed;
  private String ratio = FOUND;
  private boolean userSet;
  private int writes;

  private final VmFlags flags =
      new VmFlags() {
        @Override
        public Optional<Flag> read(String name) {
          return Optional.of(new Flag(name, ratio, true, userSet));
        }

        @Override
        public void set(String name, String value) {
          writes++;
          ratio = value;
        }

        @Override
        public void putBack(String name, String value) {
          set(name, value); // nothing to remember: there is no next agent
        }
      };

  private final ShrinkHold.Metaspace metaspace =
      new ShrinkHold.Metaspace() {
        @Override
        public long committed() {
          return committed;
        }

        @Override
        public long threshold() {
          return 21 * MB;
        }
      };

  private ShrinkHold hold(Map<String, String> moved) {
    return ShrinkHold.of(flags, moved, metaspace, () -> second);
  }

  private String after(ShrinkHold hold, double seconds, long megabytes) {
    second += seconds;
    committed = megabytes * MB;
    hold.look();
    return ratio;
  }

  @Test
  void holdsFromTheStartUntilTheMarkingIsOverAndNeverAgain() {
    ShrinkHold hold = hold(Map.of());
    assertThat(after(hold, 0, 8)).isEqualTo(HELD);
    assertThat(hold.original()).isEqualTo(70);
    assertThat(after(hold, 5, 20)).isEqualTo(HELD);
    assertThat(after(hold, 1, 22)).isEqualTo(HELD);
    assertThat(after(hold, 9, 23)).isEqualTo(HELD);
    assertThat(after(hold, 2, 23)).isEqualTo(FOUND);
    assertThat(hold.holds()).isFalse();
    // a later cycle is the application's
    assertThat(after(hold, 5, 18)).isEqualTo(FOUND);
    assertThat(after(hold, 5, 22)).isEqualTo(FOUND);
    assertThat(writes).isEqualTo(2);
  }

  @Test
  void letsGoWhereTheThresholdStaysFarAndHoldsAgainWhereItComesNear() {
    ShrinkHold hold = hold(Map.of());
    assertThat(after(hold, 0, 6)).isEqualTo(HELD);
    assertThat(after(hold, 59, 16)).isEqualTo(HELD);
    assertThat(after(hold, 2, 16)).isEqualTo(FOUND);
    assertThat(after(hold, 100, 18)).isEqualTo(HELD);
    assertThat(after(hold, 300, 19)).isEqualTo(HELD);
    assertThat(after(hold, 200, 19)).as("ten minutes after the agent came").isEqualTo(FOUND);
    assertThat(after(hold, 1, 19)).isEqualTo(FOUND);
  }

  @Test
  void doesNothingFarFromTheThresholdOrPastIt() {
    ShrinkHold small = hold(Map.of());
    assertThat(after(small, 0, 2)).isEqualTo(FOUND);
    assertThat(after(small, 20, 4)).isEqualTo(FOUND);
    ShrinkHold past = hold(Map.of());
    assertThat(after(past, 0, 30)).isEqualTo(FOUND);
    assertThat(after(past, 1, 30)).isEqualTo(FOUND);
    assertThat(writes).isZero();
  }

  @Test
  void leavesWhatIsAUsersOrHasBeenMoved() {
    userSet = true;
    assertThat(after(hold(Map.of()), 0, 10)).isEqualTo(FOUND);
    userSet = false;
    assertThat(after(hold(Map.of(Levers.FREE_RATIO, "70")), 0, 10)).isEqualTo(FOUND);
    assertThat(writes).isZero();
  }

  @Test
  void whoeverMovesTheRatioMeanwhileHasIt() {
    ShrinkHold hold = hold(Map.of());
    assertThat(after(hold, 0, 10)).isEqualTo(HELD);
    ratio = "45";
    assertThat(hold.holds()).isFalse();
    assertThat(after(hold, 1, 22)).isEqualTo("45");
    assertThat(after(hold, 20, 22)).isEqualTo("45");
    assertThat(hold.end()).isEmpty();
    assertThat(ratio).isEqualTo("45");
  }

  @Test
  void theVmSaysWhereItsThresholdIs() {
    assertThat(MetaspaceRoom.threshold("CDS: on\nCurrent GC threshold: 34.50 MB\n"))
        .isEqualTo(69 * MB / 2);
    assertThat(MetaspaceRoom.threshold("Current GC threshold: 2.00 GB")).isEqualTo(2048 * MB);
    assertThat(MetaspaceRoom.threshold("something else")).isZero();
    VmFlags vm = HotSpotFlags.open();
    assertThat(MetaspaceRoom.now(vm).threshold())
        .isGreaterThan(MetaspaceRoom.now(vm).committed() / 2);
    assertThat(MetaspaceRoom.atStart(vm).threshold()).isBetween(16 * MB, 64 * MB);
  }
}

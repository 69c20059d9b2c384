package dev.tidepool.pools.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemandTest {
  private final Demand demand = new Demand();

  /** Their keys fall in one place of 4096. */
  private static final long ONE = Shelf.key(Primitives.BYTE, 4096);

  private static final long OTHER = Shelf.key(Primitives.BYTE, 5789);

  @Test
  void twoKindsThatMeetInAPlaceAreBothSeen() {
    for (int i = 0; i < 4; i++) {
      demand.missed(ONE);
      demand.missed(OTHER);
    }
    assertThat(demand.repeated(ONE)).isTrue();
    assertThat(demand.repeated(OTHER)).isTrue();
  }

  @Test
  void whatComesOnceIsNotRepeatedAndKeepsNothingOut() {
    for (int length = 1; length < 20_000; length++) {
      long key = Shelf.key(Primitives.BYTE, length);
      demand.missed(key);
      assertThat(demand.of(key)).isLessThanOrEqualTo(1);
    }
    for (int i = 0; i < 8; i++) {
      demand.missed(ONE);
    }
    assertThat(demand.repeated(ONE)).isTrue();
  }

  @Test
  void whatIsOwedOutlastsAFadingAndNotMany() {
    demand.owed(ONE);
    demand.fade();
    assertThat(demand.repeated(ONE)).isTrue();
    for (int i = 0; i < 8; i++) {
      demand.fade();
    }
    assertThat(demand.repeated(ONE)).isFalse();
  }

  @Test
  void countsEndAtTheirMost() {
    for (int i = 0; i < 1000; i++) {
      demand.owed(ONE);
      demand.missed(ONE);
    }
    assertThat(demand.of(ONE)).isEqualTo(255);
    assertThat(demand.of(OTHER)).isZero();
  }
}

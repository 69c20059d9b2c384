package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DirectChurnTest {
  private final DirectChurn churn = new DirectChurn();

  @Test
  void aFewThatStayAreNoChurn() {
    for (int count : new int[] {0, 1, 4, 4, 4, 4, 4, 4, 4, 4, 4}) {
      churn.look(count);
      assertThat(churn.isChurned()).isFalse();
    }
  }

  @Test
  void aNumberThatKeepsChangingIs() {
    for (int count : new int[] {10, 700, 3, 250}) {
      assertThat(churn.isChurned()).isFalse();
      churn.look(count);
    }
    assertThat(churn.isChurned()).isTrue();
    for (int i = 0; i < 8; i++) {
      churn.look(250);
    }
    assertThat(churn.isChurned()).isFalse();
  }
}

package dev.tidepool.apps.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The figure the design began with: 100 runs of a job with a 20 MB buffer. */
final class HeadlineTest {
  static List<Jdk> jdks() {
    return Jdk.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jdks")
  void onceActiveTheTwentyMegabyteJobAllocatesNearlyNothing(Jdk jdk) throws Exception {
    Headline headline = Headline.measure(jdk);

    assertThat(headline.activation().reached())
        .as("the job's site is active: %s", headline.activation().sites())
        .isTrue();
    assertThat(headline.sameOutput()).isTrue();
    assertThat(headline.without()).isGreaterThan(Headline.JOBS * 20.0 * 1024 * 1024);
    assertThat(headline.left())
        .as("share of the bytes that 100 jobs allocate")
        .isLessThanOrEqualTo(Headline.MOST_LEFT);
  }
}

package dev.tidepool.agent.work;

import dev.tidepool.agent.config.Key;
import dev.tidepool.agent.config.Settings;
import dev.tidepool.rewriting.PoolingMode;
import dev.tidepool.rewriting.Rewriting;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.tuning.TuningEngine;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A/B on the live load: {@code pooling} as a whole, or one site, is switched on and off in turn
 * while the tuning engine measures. Code and proofs stay as they are; in an off window the
 * rewritten code allocates plainly.
 */
final class Comparing {
  private static final int MOST_SECONDS = 600;
  private static final int MOST_PAIRS = 100;
  private static final String USAGE =
      "write compare=pooling, compare=SITE or compare=off, and SECONDS:PAIRS behind it if wanted:"
          + " compare=pooling:20:6";

  private final Rewriting rewriting;
  private final TuningEngine tuning;
  private final Settings settings;

  Comparing(Parts parts, Settings settings) {
    this.rewriting = parts.rewriting();
    this.tuning = parts.tuning();
    this.settings = settings;
  }

  /**
   * What is to be compared.
   *
   * @param seconds length of a window
   * @param pairs windows of each state
   */
  record Wanted(String subject, int seconds, int pairs) {

    /**
     * Reads {@code SUBJECT[:SECONDS[:PAIRS]]}.
     *
     * @throws Refusal with one line
     */
    static Wanted parse(String text) throws Refusal {
      String[] parts = text.trim().split(":", -1);
      if (parts.length > 3 || parts[0].isEmpty()) {
        throw new Refusal(USAGE);
      }
      return new Wanted(
          parts[0], number(parts, 1, 20, 2, MOST_SECONDS), number(parts, 2, 6, 2, MOST_PAIRS));
    }

    private static int number(String[] parts, int at, int otherwise, int least, int most)
        throws Refusal {
      if (at >= parts.length) {
        return otherwise;
      }
      try {
        int value = Integer.parseInt(parts[at]);
        if (value >= least && value <= most) {
          return value;
        }
      } catch (NumberFormatException no) {
        throw new Refusal(USAGE);
      }
      throw new Refusal(parts[at] + " is not from " + least + " to " + most);
    }
  }

  /**
   * Begins a comparison, or ends the one under way.
   *
   * @return one line that says what holds now
   */
  String begin(Wanted wanted, SiteReport site) throws Refusal {
    Consumer<Boolean> turn =
        site == null ? this::pooling : on -> rewriting.pooling(site.site(), on);
    if (!settings.value(Key.POOLING).equals("on") || !settings.value(Key.MODE).equals("auto")) {
      throw new Refusal("nothing is pooled now: set mode=auto and pooling=on first");
    }
    if (site != null && site.state() != SiteState.ACTIVE) {
      throw new Refusal("site " + site.site() + " is not active, there is nothing to switch off");
    }
    String subject = site == null ? "pooling" : "site " + site.site();
    try {
      tuning.compare(subject, turn, Duration.ofSeconds(wanted.seconds()), wanted.pairs());
    } catch (IllegalArgumentException another) {
      throw new Refusal(another.getMessage());
    }
    return "comparing "
        + subject
        + ": on and off in turn, "
        + 2 * wanted.pairs()
        + " windows of "
        + wanted.seconds()
        + " s; `decisions` shows the outcome";
  }

  /** As long as the user wants pooling; another wish of his ends the comparison. */
  private void pooling(boolean on) {
    if (rewriting.settings().pooling() != PoolingMode.OFF) {
      rewriting.pooling(on ? Translation.rewriting(settings).pooling() : PoolingMode.OBSERVE);
    }
  }
}

package dev.tidepool.agent.work;

import dev.tidepool.agent.config.Key;
import dev.tidepool.agent.config.Settings;
import dev.tidepool.agent.config.Settings.Entry;
import dev.tidepool.agent.config.Settings.Origin;
import dev.tidepool.agent.config.SettingsReader;
import dev.tidepool.agent.log.Level;
import dev.tidepool.agent.log.Log;
import dev.tidepool.rewriting.SiteReport;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** What a user can do to the agent. Safe to call from any thread. */
public final class Operations {
  private static final String BY_USER = "reverted by the user";
  private static final String COMPARE = "compare";
  private static final String LEAKS = "leaks";
  private static final int LONGEST_LOOK = 3_600;

  private final Parts parts;
  private final Settings settings;
  private final Log log;
  private final Comparing comparing;

  public Operations(Parts parts, Settings settings, Log log) {
    this.comparing = new Comparing(parts, settings);
    this.parts = parts;
    this.settings = settings;
    this.log = log;
  }

  /**
   * Sets a key, moves a lever by hand, or has something compared.
   *
   * @return one line that says what holds now
   */
  public synchronized String set(String name, String value) throws Refusal {
    if (name.equals(COMPARE)) {
      return compare(value);
    }
    if (name.equals(LEAKS)) {
      return lookForLeaks(value);
    }
    Key key = Key.of(name).orElse(null);
    if (key == null) {
      return moveLever(name, value);
    }
    if (!key.isChangeable()) {
      throw new Refusal(name + " can only be set at start");
    }
    Entry before = settings.entry(key);
    try {
      settings.put(key, value, Origin.COMMAND);
      if (key == Key.LOG || key == Key.LOG_LEVEL) {
        log(log, settings);
      } else {
        parts.tuning().endComparison();
        parts.apply(settings);
      }
    } catch (IllegalArgumentException | IOException wrong) {
      settings.restore(key, before);
      throw new Refusal(wrong.getMessage());
    }
    return name + " = " + settings.value(key);
  }

  /**
   * Switches {@code pooling} or a site on and off in turn and compares; {@code off} breaks that
   * off.
   *
   * @param wanted {@code SUBJECT[:SECONDS[:PAIRS]]}
   * @return one line that says what holds now
   */
  public synchronized String compare(String wanted) throws Refusal {
    if (wanted.trim().equals("off")) {
      return parts.tuning().endComparison() ? "comparison ended" : "nothing is being compared";
    }
    Comparing.Wanted asked = Comparing.Wanted.parse(wanted);
    return comparing.begin(asked, asked.subject().equals("pooling") ? null : site(asked.subject()));
  }

  /**
   * Samples objects for some seconds; those kept since the first of them become advice.
   *
   * @param seconds 5 to 3600
   * @return one line that says what holds now
   */
  public String lookForLeaks(String seconds) throws Refusal {
    int wanted;
    try {
      wanted = Integer.parseInt(seconds.trim());
      if (wanted < 5 || wanted > LONGEST_LOOK) {
        throw new NumberFormatException();
      }
    } catch (NumberFormatException no) {
      throw new Refusal("leaks takes seconds, 5 to " + LONGEST_LOOK);
    }
    try {
      parts.tuning().lookForLeaks(Duration.ofSeconds(wanted));
    } catch (IllegalArgumentException no) {
      throw new Refusal(no.getMessage());
    }
    return "looking for " + wanted + " s for what is kept; `advise` shows it then";
  }

  /** {@code auto} or {@code observe}. */
  public String mode() {
    return settings.value(Key.MODE);
  }

  /**
   * Moves a lever by hand; {@code auto} gives it back.
   *
   * @return one line that says what holds now
   */
  public String moveLever(String name, String value) throws Refusal {
    boolean known = parts.tuning().levers().stream().anyMatch(lever -> lever.name().equals(name));
    if (!known) {
      throw new Refusal(SettingsReader.unknown(name));
    }
    try {
      return name + " = " + parts.tuning().setLever(name, value);
    } catch (IllegalArgumentException wrong) {
      throw new Refusal(wrong.getMessage());
    }
  }

  /**
   * Points the log where the settings say.
   *
   * @throws IOException with one line, if the file cannot be written
   */
  public static void log(Log log, Settings settings) throws IOException {
    log.level(Level.valueOf(settings.value(Key.LOG_LEVEL).toUpperCase(Locale.ROOT)));
    String file = settings.file(Key.LOG).orElse(null);
    if (file == null) {
      log.close();
      return;
    }
    try {
      log.toFile(new File(file));
    } catch (IOException closed) {
      throw new IOException(
          "cannot write log file " + file + ", the log stays where it was", closed);
    }
  }

  /**
   * Takes back one site, or all.
   *
   * @return one line that says what was done
   */
  public String revert(String site) throws Refusal {
    if (site.equals("all")) {
      int count = parts.rewriting().revertAll(BY_USER);
      return count == 1 ? "1 site reverted" : count + " sites reverted";
    }
    SiteReport known = site(site);
    if (!parts.rewriting().revert(known.site(), BY_USER)) {
      throw new Refusal("site " + known.site() + " is not active, nothing to revert");
    }
    return "site " + known.site() + " reverted";
  }

  /** The site of this id, or of the beginning of just one id. */
  public SiteReport site(String id) throws Refusal {
    SiteReport exact = parts.rewriting().site(id).orElse(null);
    if (exact != null) {
      return exact;
    }
    SiteReport found = null;
    for (SiteReport site : parts.rewriting().sites()) {
      if (!id.isEmpty() && site.site().startsWith(id)) {
        if (found != null) {
          throw new Refusal("more than one site begins with " + id + ": give more letters");
        }
        found = site;
      }
    }
    if (found == null) {
      throw new Refusal("no site " + id + ": `sites` lists them");
    }
    return found;
  }
}

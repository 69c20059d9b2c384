package dev.tidepool.agent.work;

import dev.tidepool.agent.log.Level;
import dev.tidepool.agent.log.Log;
import dev.tidepool.rewriting.RewritingListener;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.tuning.Decision;
import dev.tidepool.tuning.TuningEngine;

/**
 * Writes what is done to the log, for whoever asked to see so much: at {@code info} what changes
 * the program or its virtual machine, at {@code debug} every step on the way there too.
 */
final class Journal implements RewritingListener {
  private final Log log;
  private long lastDecision;

  Journal(Log log) {
    this.log = log;
  }

  @Override
  public void siteChanged(SiteState before, SiteReport site) {
    Level level =
        site.state() == SiteState.ACTIVE || before == SiteState.ACTIVE ? Level.INFO : Level.DEBUG;
    if (log.writes(level)) {
      log.write(level, inOneLine(before, site));
    }
  }

  private static String inOneLine(SiteState before, SiteReport site) {
    StringBuilder line = new StringBuilder("site ").append(site.site()).append(' ');
    line.append(site.className()).append('.').append(site.method());
    if (site.line() >= 0) {
      line.append(':').append(site.line());
    }
    line.append(' ').append(site.allocates()).append(": ");
    if (before != null) {
      line.append(before).append(" -> ");
    }
    line.append(site.state());
    if (site.remedy() != null) {
      line.append(" (").append(site.remedy()).append(')');
    }
    return site.reason().isEmpty() ? line.toString() : line + ", " + site.reason();
  }

  /** Writes down what was decided since the last call. On the controller's thread. */
  void decided(TuningEngine tuning) {
    if (tuning.decisionCount() == lastDecision) { // most seconds nothing is
      return;
    }
    for (Decision decision : tuning.decisions()) {
      if (decision.id() > lastDecision) {
        lastDecision = decision.id();
        log.info(inOneLine(decision));
      }
    }
  }

  private static String inOneLine(Decision decision) {
    return "decision "
        + decision.id()
        + " "
        + decision.lever()
        + " "
        + decision.from()
        + " -> "
        + decision.to()
        + " ("
        + decision.outcome()
        + "), "
        + decision.reason();
  }
}

package dev.tidepool.apps.load;

import dev.tidepool.apps.load.Figures.Spread;
import dev.tidepool.apps.load.LoadingCost.Side;
import java.util.List;
import java.util.Locale;

/** What class loading costs, as a section of a page. */
final class LoadingTable {
  private LoadingTable() {}

  /** Lines of Markdown. */
  static List<String> lines(LoadingCost cost, int rounds) {
    return List.of(
        "### Class loading",
        "",
        String.format(
            Locale.ROOT,
            "Three processes at once, each asked in turn to load the same %,d classes, the order"
                + " changing, %d times; CPU time of the loading thread. Changes are from ratios"
                + " within a round: median (first .. third quartile).%s",
            cost.classes(),
            rounds,
            cost.active() ? "" : " NO PROOF was there to be watched."),
        "",
        "| | CPU us a class | over none | over one that does nothing |",
        "|---|---:|---:|---:|",
        row("no agent", cost.micros().get(Side.PLAIN), "", ""),
        row(
            "an agent that does nothing",
            cost.micros().get(Side.EMPTY),
            change(cost.emptyOverPlain()),
            ""),
        row(
            "Tidepool, proofs in place",
            cost.micros().get(Side.OURS),
            change(cost.oursOverPlain()),
            change(cost.oursOverEmpty())),
        "",
        "In the agent's own hook, timed by one before and one behind it: "
            + hook(cost)
            + " of loading a class.");
  }

  private static String row(String what, Spread micros, String overNone, String overEmpty) {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f (%.1f .. %.1f) | %s | %s |",
        what,
        micros.median(),
        micros.low(),
        micros.high(),
        overNone,
        overEmpty);
  }

  /** Ratios as percentages. */
  static String change(Spread ratio) {
    return String.format(
        Locale.ROOT,
        "%s (%s .. %s)",
        TextTable.change(ratio.median()),
        TextTable.change(ratio.low()),
        TextTable.change(ratio.high()));
  }

  /** Time in our hook, and its share. */
  static String hook(LoadingCost cost) {
    Spread micros = cost.hookMicros();
    return String.format(
        Locale.ROOT,
        "%.2f us (%.2f .. %.2f), %.1f %%",
        micros.median(),
        micros.low(),
        micros.high(),
        cost.hookShare() * 100);
  }
}

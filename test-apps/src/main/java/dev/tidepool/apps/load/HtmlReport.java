package dev.tidepool.apps.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Comparisons on one page of HTML that needs nothing else: figures as tables and as bars. */
public final class HtmlReport {
  private static final int BAR = 300;
  private static final int ROW = 46;
  private static final int LEFT = 150;
  private static final double MEGA = 1e6;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dee5;--page:#fff;
      --without:#9aa5b4;--with:#0b7d77;--good:#0b7d77;--bad:#b3402a}
      @media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#a0abba;--line:#323b48;
      --page:#12171e;--without:#66717f;--with:#3cc2b8;--good:#3cc2b8;--bad:#ef8a6f}}
      body{margin:2rem auto;max-width:70rem;padding:0 1rem;background:var(--page);color:var(--ink);
      font:16px/1.5 system-ui,sans-serif}
      h1{font-size:1.6rem}h2{font-size:1.2rem;margin:2.5rem 0 .2rem}
      p,.soft{color:var(--soft)}
      .wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
      th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:right;
      vertical-align:top;font-variant-numeric:tabular-nums}
      th:first-child,td:first-child,.text{text-align:left}
      th{font-weight:600}code{font-size:.85rem;overflow-wrap:anywhere}
      .good{color:var(--good)}.bad{color:var(--bad)}
      svg{max-width:100%;height:auto;margin:1rem 0}svg text{fill:var(--ink);font-size:12px}
      .b0{fill:var(--without)}.b1{fill:var(--with)}.whisker{stroke:var(--ink);stroke-width:1.5}
      """;

  private HtmlReport() {}

  /** Writes the page, its folder too where that is missing. */
  public static void write(Path file, List<Comparison> comparisons) throws IOException {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        .append("<title>Tidepool: with and without</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>With and without the agent</h1>")
        .append("<p>Medians of runs made in turn, each in a process of its own; ")
        .append("the thin line is the span from the lowest to the highest run. Machine: ")
        .append(escape(Machine.describe()))
        .append("</p>");
    for (Comparison comparison : comparisons) {
      section(page, comparison);
    }
    page.append("</body></html>\n");
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Files.writeString(file, page);
  }

  private static void section(StringBuilder page, Comparison comparison) {
    Plan plan = comparison.plan();
    page.append("<section><h2>").append(escape(plan.app().id())).append("</h2><p>");
    page.append(
        escape(
            String.format(
                Locale.ROOT,
                "%s. %s, %s, %s, %d threads, %d runs each, %s s measured after %s s; output %s.",
                plan.app().about(),
                plan.jdk(),
                plan.collector().id(),
                String.join(" ", plan.heap()),
                plan.threads(),
                comparison.agent().size(),
                plan.measure().toSeconds(),
                plan.warmUp().toSeconds(),
                comparison.sameOutput() ? "the same" : "NOT THE SAME")));
    page.append("</p>");
    bars(page, comparison);
    figures(page, comparison);
    sites(page, comparison.sites());
    page.append("</section>");
  }

  private static void bars(StringBuilder page, Comparison comparison) {
    int height = Measure.values().length * ROW;
    page.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"Each measure "
                + "without (grey) and with the agent (green)\">",
            LEFT + BAR + 150,
            height,
            LEFT + BAR + 150));
    int y = 4;
    for (Measure measure : Measure.values()) {
      Figures.Spread without = comparison.baseline(measure);
      Figures.Spread with = comparison.agent(measure);
      double most = Math.max(Math.max(without.high(), with.high()), 1e-9);
      page.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
              LEFT - 10,
              y + 20,
              measure.title()));
      bar(page, "b0", y, without, most, measure);
      bar(page, "b1", y + 17, with, most, measure);
      y += ROW;
    }
    page.append("</svg>");
  }

  private static void bar(
      StringBuilder page, String kind, int y, Figures.Spread spread, double most, Measure measure) {
    double scale = BAR / most;
    page.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\" rx=\"2\"/>"
                + "<line class=\"whisker\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>"
                + "<text x=\"%.1f\" y=\"%d\">%s</text>",
            kind,
            LEFT,
            y,
            Math.max(1, spread.median() * scale),
            LEFT + spread.low() * scale,
            LEFT + spread.high() * scale,
            y + 7,
            y + 7,
            LEFT + spread.high() * scale + 8,
            y + 11,
            measure.show(spread.median())));
  }

  private static void figures(StringBuilder page, Comparison comparison) {
    page.append("<div class=\"wide\"><table><tr><th>measure</th><th>without</th>")
        .append("<th>low .. high</th><th>with</th><th>low .. high</th><th>change</th></tr>");
    for (Measure measure : Measure.values()) {
      Figures.Spread without = comparison.baseline(measure);
      Figures.Spread with = comparison.agent(measure);
      double ratio = comparison.ratio(measure);
      page.append("<tr><td>")
          .append(measure.title())
          .append(cell(measure.show(without.median())))
          .append(cell(measure.show(without.low()) + " .. " + measure.show(without.high())))
          .append(cell(measure.show(with.median())))
          .append(cell(measure.show(with.low()) + " .. " + measure.show(with.high())))
          .append("<td class=\"")
          .append(judge(measure, ratio))
          .append("\">")
          .append(TextTable.change(ratio))
          .append("</tr>");
    }
    page.append("</table></div>");
  }

  /** Colour is kept for what differs by more than the twentieth that runs differ by themselves. */
  private static String judge(Measure measure, double ratio) {
    if (Double.isNaN(ratio) || Math.abs(ratio - 1) < 0.05) {
      return "soft";
    }
    return ratio > 1 == measure.moreIsBetter() ? "good" : "bad";
  }

  private static String cell(String text) {
    return "<td>" + text;
  }

  private static void sites(StringBuilder page, List<Site> sites) {
    page.append("<h3>Sites and verdicts</h3>");
    if (sites.isEmpty()) {
      page.append("<p>The agent reported no site.</p>");
      return;
    }
    page.append("<div class=\"wide\"><table><tr><th>site</th><th class=\"text\">state</th>")
        .append("<th>MB/s</th><th>hits</th><th>saved MB</th>")
        .append("<th class=\"text\">why</th></tr>");
    for (Site site : sites) {
      page.append("<tr><td><code>")
          .append(escape(site.allocates() + " " + site.place()))
          .append("</code><td class=\"text\">")
          .append(escape(site.state()))
          .append(cell(String.format(Locale.ROOT, "%,.1f", site.bytesPerSecond() / MEGA)))
          .append(cell(String.format(Locale.ROOT, "%,d", site.hits())))
          .append(cell(String.format(Locale.ROOT, "%,.1f", site.bytesSaved() / MEGA)))
          .append("<td class=\"text\">")
          .append(escape(site.reason().isEmpty() ? site.remedy() : site.reason()));
      for (String step : site.path()) {
        page.append("<br><code>").append(escape(step)).append("</code>");
      }
      page.append("</tr>");
    }
    page.append("</table></div>");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}

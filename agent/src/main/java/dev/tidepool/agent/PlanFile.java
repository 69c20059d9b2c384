package dev.tidepool.agent;

import dev.tidepool.agent.log.Log;
import dev.tidepool.agent.view.Json;
import dev.tidepool.rewriting.LearnedSite;
import dev.tidepool.rewriting.Rewriting;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.rewriting.site.SiteState;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the sites that were at work, and where growing objects started, from one run to the next:
 * {@code {"sites":[{"site","class","method","descriptor","digest","remedy","startsAt"}]}}.
 *
 * <p>It is read at start and written every minute, at exit and at detach, each time as a whole: a
 * reader never sees half of it. What this run had no occasion to judge is kept as it was read.
 */
final class PlanFile implements AutoCloseable {
  private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MOST_SITES = 2000;

  private final Path file;
  private final Rewriting rewriting;
  private final Log log;
  private final Map<String, LearnedSite> known = new LinkedHashMap<>();
  private final Thread hook;
  private long writtenAt = System.nanoTime();
  private String written;
  private boolean saidUnwritable;

  private PlanFile(Path file, Rewriting rewriting, Log log) {
    this.file = file;
    this.rewriting = rewriting;
    this.log = log;
    hook = new Thread(null, this::write, "tidepool-plan", 0, false);
    hook.setContextClassLoader(null);
  }

  /** Reads the file, if there is one, hands on what it says, and sees to its being written. */
  static PlanFile open(File file, Rewriting rewriting, Log log) {
    PlanFile plan = new PlanFile(file.toPath().toAbsolutePath(), rewriting, log);
    plan.read();
    rewriting.recall(List.copyOf(plan.known.values()));
    try {
      Runtime.getRuntime().addShutdownHook(plan.hook);
    } catch (IllegalStateException ending) {
      // too short a run to have learned anything
    }
    return plan;
  }

  private void read() {
    try {
      written = Files.readString(file);
      Object sites = Json.parseObject(written).get("sites");
      if (!(sites instanceof Collection)) {
        throw new IOException("it has no sites");
      }
      for (Object each : (Collection<?>) sites) {
        LearnedSite site = site(each);
        if (known.size() < MOST_SITES) {
          known.put(site.site(), site);
        }
      }
    } catch (NoSuchFileException first) {
      // the first run
    } catch (IOException | RuntimeException unreadable) {
      known.clear();
      String why = String.valueOf(unreadable.getMessage()).lines().findFirst().orElse("");
      log.warn("cannot read plan " + file + " (" + why + "): it is begun anew");
    }
  }

  private static LearnedSite site(Object entry) throws IOException {
    if (!(entry instanceof Map<?, ?> map)
        || !(map.get("site") instanceof String site)
        || !(map.get("class") instanceof String className)
        || !(map.get("method") instanceof String method)
        || !(map.get("descriptor") instanceof String descriptor)
        || !(map.get("digest") instanceof Number digest)
        || !(map.get("startsAt") instanceof Number startsAt)) {
      throw new IOException("not a site: " + entry);
    }
    return new LearnedSite(
        site,
        className,
        method,
        descriptor,
        digest.longValue(),
        String.valueOf(map.get("remedy")),
        startsAt.intValue());
  }

  /** To be called now and then. */
  void tick() {
    if (System.nanoTime() - writtenAt >= EVERY_NANOS) {
      write();
    }
  }

  private synchronized void write() {
    writtenAt = System.nanoTime();
    for (SiteReport site : rewriting.sites()) {
      if (site.state() == SiteState.REFUSED || site.state() == SiteState.REVERTED) {
        known.remove(site.site());
      }
    }
    for (LearnedSite site : rewriting.learned()) {
      if (known.size() < MOST_SITES || known.containsKey(site.site())) {
        known.put(site.site(), site);
      }
    }
    String text = text();
    if (text.equals(written)) {
      return;
    }
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(whole, text.getBytes(StandardCharsets.UTF_8));
      Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      written = text;
    } catch (IOException unwritable) {
      if (!saidUnwritable) {
        saidUnwritable = true;
        log.warn("cannot write plan " + file + " (" + unwritable + ")");
      }
    }
  }

  private String text() {
    List<Map<String, Object>> sites = new ArrayList<>();
    for (LearnedSite site : known.values()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("site", site.site());
      entry.put("class", site.className());
      entry.put("method", site.method());
      entry.put("descriptor", site.descriptor());
      entry.put("digest", site.digest());
      entry.put("remedy", site.remedy());
      entry.put("startsAt", site.startsAt());
      sites.add(entry);
    }
    return Json.pretty(Map.of("sites", sites)) + "\n";
  }

  /** Writes once more; the file stays. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
      write();
    } catch (IllegalStateException ending) {
      // the hook writes it
    }
  }
}

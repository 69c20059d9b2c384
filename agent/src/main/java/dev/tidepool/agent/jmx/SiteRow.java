package dev.tidepool.agent.jmx;

import dev.tidepool.rewriting.SiteReport;

/** A site as an open type; getters, because records are understood from Java 21 on only. */
public final class SiteRow {
  private final SiteReport site;

  SiteRow(SiteReport site) {
    this.site = site;
  }

  public String getSite() {
    return site.site();
  }

  public String getMethod() {
    return site.className() + "." + site.method();
  }

  public int getLine() {
    return site.line();
  }

  public String getAllocates() {
    return site.allocates();
  }

  public String getState() {
    return site.state().name();
  }

  public String getBreaker() {
    return site.breaker().name();
  }

  public String getRemedy() {
    return site.remedy();
  }

  public String getReason() {
    return site.reason();
  }

  public double getBytesPerSecond() {
    return site.bytesPerSecond();
  }

  public long getAllocations() {
    return site.allocations();
  }

  public long getHits() {
    return site.hits();
  }

  public long getMisses() {
    return site.misses();
  }

  public long getBytesSaved() {
    return site.bytesSaved();
  }
}

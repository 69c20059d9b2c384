package dev.tidepool.rewriting;

import dev.tidepool.rewriting.site.SiteState;

/** Told of every change in the life of a site, on the proof thread. What it throws is ignored. */
@FunctionalInterface
public interface RewritingListener {

  /**
   * A site came to be or went from one state to another.
   *
   * @param before the state left, or null for a new site
   * @param report the site as it is now; its reason says why
   */
  void siteChanged(SiteState before, SiteReport report);
}

package dev.tidepool.agent.jmx;

import java.util.List;

/** {@code dev.tidepool:type=Sites}. */
public interface SitesMXBean {
  int getActive();

  int getRefused();

  int getTrial();

  /** Every known site, the hottest first. */
  List<SiteRow> getSites();

  /** All sites as JSON. */
  String sites();

  /** One site with its verdict, as JSON. */
  String why(String site);

  /** Takes back one site, or {@code all}; answers with what was done. */
  String revert(String site);
}

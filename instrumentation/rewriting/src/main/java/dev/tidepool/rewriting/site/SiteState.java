package dev.tidepool.rewriting.site;

/** The life of a site, as seen from outside. */
public enum SiteState {
  NOMINATED,
  COUNTED,
  REFUSED,
  PROVEN,
  TRIAL,
  ACTIVE,
  REVERTED
}

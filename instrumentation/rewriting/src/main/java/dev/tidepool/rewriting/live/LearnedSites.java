package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.LearnedSite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What another run has learned, by class and by site. */
final class LearnedSites {
  static final LearnedSites NONE = new LearnedSites();

  private final Map<String, List<LearnedSite>> byClass = new HashMap<>();
  private final Map<String, LearnedSite> byId = new HashMap<>();

  private LearnedSites() {}

  static LearnedSites of(Collection<LearnedSite> learned) {
    LearnedSites sites = new LearnedSites();
    for (LearnedSite site : learned) {
      sites
          .byClass
          .computeIfAbsent(site.className().replace('.', '/'), name -> new ArrayList<>())
          .add(site);
      sites.byId.put(site.site(), site);
    }
    return sites;
  }

  boolean isEmpty() {
    return byClass.isEmpty();
  }

  boolean has(String internalName) {
    return byClass.containsKey(internalName);
  }

  /** Internal names. */
  Set<String> classes() {
    return byClass.keySet();
  }

  List<LearnedSite> of(String internalName) {
    return byClass.getOrDefault(internalName, List.of());
  }

  /** What is known of the site, or null where nothing is or its code is another. */
  LearnedSite of(TrackedSite site) {
    LearnedSite learned = byId.get(SiteFinder.id(site.key));
    return learned != null && learned.digest() == site.place.digest() ? learned : null;
  }
}

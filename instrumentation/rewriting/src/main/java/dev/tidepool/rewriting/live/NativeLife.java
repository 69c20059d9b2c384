package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.BufferMakers;
import dev.tidepool.rewriting.gate.DirectMemory;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.NativeMemory;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.gate.ZipState;
import dev.tidepool.rewriting.remedy.NativePlaces;
import dev.tidepool.rewriting.remedy.NativeStep;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;

/**
 * Native memory that the JDK makes and frees: direct buffers, and what zlib has behind Deflater and
 * Inflater.
 *
 * <p>JFR sees nothing of it, so its places are counted as soon as their classes are loaded (those
 * of direct buffers once buffers come and go), and let alone again for a good while where little is
 * made. Counting and recycling are the same code; what the site's row says decides. No proof is
 * made: the JDK's own code says when the memory is dead. The proof thread's own.
 */
final class NativeLife {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long COLD_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** zlib.h: (1 << (windowBits+2)) + (1 << (memLevel+9)) and what its structures take. */
  private static final long DEFLATER_BYTES = 268 << 10;

  /** zlib.h: 1 << windowBits, and about 7 KB; the JDK's calls do not use the larger tables. */
  private static final long INFLATER_BYTES = 40 << 10;

  private final Sites sites;
  private final GateRuntime runtime;
  private final Prover prover;
  private final Map<NativePlaces.Sort, TrackedSite> known = new EnumMap<>(NativePlaces.Sort.class);
  private final Map<NativePlaces.Sort, Long> lookAgain = new EnumMap<>(NativePlaces.Sort.class);
  private boolean asked;
  private final DirectChurn directs;
  private final PageFaults faults = new PageFaults();
  private BufferMakers makers;
  private long lookedAt;

  NativeLife(Sites sites, GateRuntime runtime, Prover prover, DirectChurn directs) {
    this.sites = sites;
    this.runtime = runtime;
    this.prover = prover;
    this.directs = directs;
    this.lookedAt = System.nanoTime() - LOOK_NANOS;
  }

  /** Takes up the sites whose classes are loaded. About once a second. */
  void look(Predicate<String> eligible, long now) {
    directs.look();
    if (now - lookedAt < LOOK_NANOS) {
      return;
    }
    lookedAt = now;
    faults.look(now);
    for (NativePlaces places : NativePlaces.all()) {
      TrackedSite site = known.get(places.sort());
      boolean dropped = site != null && sites.get(site.key) != site;
      if (dropped) {
        known.remove(places.sort());
        lookAgain.put(places.sort(), now + COLD_NANOS);
      } else if (site != null && mayTryAgain(site, now)) {
        if (eligible.test(places.site().type())) {
          site.verdict(null);
          count(site, now);
        }
      } else if (site == null
          && now >= lookAgain.getOrDefault(places.sort(), now)
          && (asked || places.sort() != NativePlaces.Sort.DIRECT || directs.isChurned())
          && eligible.test(places.site().type())) {
        takeUp(places, now);
      }
    }
  }

  /** Methods that were seen to make direct buffers. */
  List<Nomination> makers() {
    List<Nomination> found = new ArrayList<>();
    for (BufferMakers.Maker maker :
        makers == null ? List.<BufferMakers.Maker>of() : makers.drain()) {
      found.add(Nomination.ofMaker(maker.type(), maker.method(), maker.descriptor()));
    }
    return found;
  }

  private boolean mayTryAgain(TrackedSite site, long now) {
    boolean due =
        (site.state() == SiteState.REVERTED && now >= site.retryAt)
            || (site.state() == SiteState.REFUSED && faults.areMany());
    return due && !site.forbidden && !site.planned();
  }

  private void takeUp(NativePlaces places, long now) {
    for (NativePlaces.Place place : places.places()) {
      if (booted(place.type()) == null) {
        return;
      }
    }
    Class<?> type = booted(places.site().type());
    SiteFinder.Found found = find(places, type);
    if (found != null) {
      TrackedSite site = sites.add(found, type, now);
      known.put(places.sort(), site);
      count(site, now);
    }
  }

  /** The JDK's class of that name, or null while it is not loaded. */
  private Class<?> booted(String name) {
    for (Class<?> type : prover.loaded().named(name)) {
      if (type.getClassLoader() == null) {
        return type;
      }
    }
    return null;
  }

  private SiteFinder.Found find(NativePlaces places, Class<?> type) {
    NativePlaces.Place place = places.site();
    ClassCode code = code(type);
    int ordinal = code == null ? -1 : place.ordinal(code);
    if (ordinal < 0) {
      return null;
    }
    MethodNode method = code.method(place.method(), place.descriptor());
    return SiteFinder.found(
        new MethodKey(LoadedWorld.reference(type), method.name, method.desc),
        code,
        method,
        ClassCode.located(method).get(ordinal),
        new Allocation.Native(places.text()));
  }

  private ClassCode code(Class<?> type) {
    return prover.loaded().bytes(LoadedWorld.reference(type)).map(ClassCode::read).orElse(null);
  }

  /** From now on the user has named the classes: what may not be worth it is done all the same. */
  void asked(boolean byName) {
    asked = byName;
  }

  /** Has the site counted, by the code that will recycle. */
  void count(TrackedSite site, long now) {
    NativePlaces places = placesOf(site);
    sites.openRow(site, new SiteSpec(Opcodes.T_BYTE, 0, false, false));
    try {
      NativeMemory memory = memory(places);
      boolean faulting = faults.areMany();
      String obstacle = asked || !(memory instanceof ZipState zip) ? null : zip.obstacle(faulting);
      if (obstacle != null) {
        refuse(site, obstacle, faulting, now);
        return;
      }
      runtime.recycles(site.row(), memory);
      for (NativePlaces.Place place : places.places()) {
        plan(site, places, place);
      }
    } catch (ReflectiveOperationException | RuntimeException otherJdk) {
      refuse(site, "this JDK has its native memory in another way: " + otherJdk, true, now);
      return;
    }
    site.countedSince = now;
    site.lastAsked = now;
    site.warmAt = now;
  }

  private void refuse(TrackedSite site, String why, boolean forGood, long now) {
    sites.unplan(site);
    site.forbidden = forGood;
    site.verdict(new Verdict.Refused(why, List.of(), false));
    sites.become(site, SiteState.REFUSED, why, now);
  }

  private void plan(TrackedSite site, NativePlaces places, NativePlaces.Place place)
      throws ReflectiveOperationException {
    if (place.equals(places.site())) {
      sites.plan(site, places.remedy(NativeStep.TAKE));
      return;
    }
    Class<?> type = booted(place.type());
    ClassCode code = type == null ? null : code(type);
    int ordinal = code == null ? -1 : place.ordinal(code);
    if (ordinal < 0) {
      throw new NoSuchMethodException(place.type() + "." + place.method());
    }
    sites.planElsewhere(
        site,
        type,
        new SitePlan(
            site.row(), place.method(), place.descriptor(), ordinal, places.remedy(place.step())),
        MethodDigest.of(code, place.method(), place.descriptor()));
  }

  private NativePlaces placesOf(TrackedSite site) {
    for (NativePlaces places : NativePlaces.all()) {
      if (places.site().type().equals(site.key.method().owner().name())) {
        return places;
      }
    }
    throw new IllegalArgumentException(site.id);
  }

  private NativeMemory memory(NativePlaces places) throws ReflectiveOperationException {
    return switch (places.sort()) {
      case DIRECT -> {
        Class<?> bits = prover.opened("java.nio.Bits");
        DirectMemory memory = DirectMemory.of(bits, prover.opened("jdk.internal.misc.Unsafe"));
        makers = memory.makers();
        yield memory;
      }
      case DEFLATER -> ZipState.of(prover.opened("java.util.zip.Deflater"), DEFLATER_BYTES);
      case INFLATER -> ZipState.of(prover.opened("java.util.zip.Inflater"), INFLATER_BYTES);
    };
  }

  /** The site has shown to be worth it. */
  void recycle(TrackedSite site, long now) {
    site.verdict(new Verdict.Proven(false, false, List.of(), Set.of()));
    sites.become(site, SiteState.PROVEN, "", now);
  }
}

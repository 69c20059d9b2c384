package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.gate.Exclusions;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.proof.HandBacks;
import dev.tidepool.rewriting.remedy.RecycleHandedBack;
import dev.tidepool.rewriting.remedy.RecycleOutgrown;
import dev.tidepool.rewriting.remedy.SitePlan;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Arrays that a class replaces in a field of its objects: those that were outgrown, and those that
 * are let go of when the object is closed. The site is the first instruction that replaces one. And
 * arrays that are handed back to the class that made them, where the site is the end of the method
 * that is handed them. The proof thread's own.
 */
final class OutgrownLife {
  private static final String STORED = ": stored in field ";
  private static final int MOST_FOUND = 1_000;

  private final Sites sites;
  private final GateRuntime runtime;
  private final Prover prover;

  /** Reading a class takes long, and hot arrays are asked about in each round. */
  private final Map<Asked, Optional<SiteFinder.Found>> found = new HashMap<>();

  /** An array by its site, and the field that it is stored in; none where it is returned. */
  private record Asked(SiteKey array, String field) {}

  OutgrownLife(Sites sites, GateRuntime runtime, Prover prover) {
    this.sites = sites;
    this.runtime = runtime;
    this.prover = prover;
  }

  static boolean isReplacing(TrackedSite site) {
    return site.place.allocates() instanceof Allocation.Replaced;
  }

  /**
   * Where the class replaces what it makes at the site of an array, which was refused for standing
   * in a field; null where it never does.
   */
  TrackedSite of(TrackedSite array, long now) {
    if (OwnerLife.goesToCallers(array)) {
      return handedBack(array, now);
    }
    int stored = array.reason().lastIndexOf(STORED);
    TypeRef owner = array.key.method().owner();
    if (stored < 0 || Exclusions.excludes(owner.name())) {
      return null;
    }
    if (!owner.loader().isBoot()) {
      // what copies or writes objects by reflection finds private fields, but not those of
      // java.base
      return null;
    }
    String field = array.reason().substring(array.reason().lastIndexOf('.') + 1);
    int arrayType = array.place.arrayType();
    return known(array, field, code -> find(owner, code, field, arrayType), now);
  }

  /** The site that is looked for in the class of the array, where there is one. */
  private TrackedSite known(
      TrackedSite array, String field, Function<ClassCode, SiteFinder.Found> look, long now) {
    Class<?> type = array.type.get();
    if (type == null) {
      return null;
    }
    if (found.size() >= MOST_FOUND) {
      found.clear();
    }
    SiteFinder.Found site =
        found
            .computeIfAbsent(
                new Asked(array.key, field),
                asked ->
                    prover
                        .loaded()
                        .bytes(asked.array.method().owner())
                        .map(ClassCode::read)
                        .map(look))
            .orElse(null);
    if (site == null) {
      return null;
    }
    TrackedSite known = sites.get(site.key());
    return known == null ? sites.add(site, type, now) : known;
  }

  /** Where what is made at the site is handed back to the class that made it, or null. */
  private TrackedSite handedBack(TrackedSite array, long now) {
    MethodKey gives = array.key.method();
    if (!HandBacks.has(gives.owner().name())) {
      return null;
    }
    Allocation what = new Allocation.Replaced(array.place.arrayType());
    return known(array, "", code -> taking(gives, code, what), now);
  }

  private static SiteFinder.Found taking(MethodKey gives, ClassCode code, Allocation what) {
    MethodNode takes = HandBacks.takes(code, gives.name(), gives.descriptor());
    if (takes == null) {
      return null;
    }
    MethodKey key = new MethodKey(gives.owner(), takes.name, takes.desc);
    return SiteFinder.found(key, code, takes, ClassCode.located(takes).get(0), what);
  }

  private static SiteFinder.Found find(TypeRef owner, ClassCode code, String field, int arrayType) {
    for (MethodNode method : code.node().methods) {
      for (ClassCode.Located at : ClassCode.located(method)) {
        if (at.insn() instanceof FieldInsnNode put
            && put.getOpcode() == Opcodes.PUTFIELD
            && !method.name.equals("<init>")
            && put.owner.equals(owner.name())
            && put.name.equals(field)
            && OwnerRows.isArray(put.desc)
            && OwnerRows.newarrayType(put.desc) == arrayType) {
          MethodKey key = new MethodKey(owner, method.name, method.desc);
          Allocation what = new Allocation.Replaced(arrayType);
          return SiteFinder.found(key, code, method, at, what);
        }
      }
    }
    return null;
  }

  /** Whether the class is rewritten already for what it has in the field that this is made for. */
  boolean isTakenCareOf(SiteKey key) {
    for (TrackedSite site : sites.list()) {
      if (site.planned()
          && site.key.method().owner().equals(key.method().owner())
          && site.verdict() instanceof Verdict.Proven proven
          && proven.replaced() != null
          && proven.replaced().closes()) {
        return true;
      }
    }
    return false;
  }

  /** Has the class rewritten wherever it has to do with the field. */
  void plan(TrackedSite site, Verdict.Replaced replaced) {
    Class<?> type = site.type.get();
    ClassCode code =
        prover.loaded().bytes(site.key.method().owner()).map(ClassCode::read).orElse(null);
    if (type == null || code == null) {
      return;
    }
    if (replaced.field() == null) {
      sites.plan(site, new RecycleHandedBack());
      return;
    }
    leaveToIt(replaced.field());
    Map<List<String>, List<Verdict.FieldUse>> byMethod = new LinkedHashMap<>();
    for (Verdict.FieldUse use : replaced.uses()) {
      byMethod
          .computeIfAbsent(List.of(use.method(), use.descriptor()), method -> new ArrayList<>())
          .add(use);
    }
    byMethod.forEach(
        (method, uses) -> {
          RecycleOutgrown treatment = new RecycleOutgrown(replaced.field(), uses);
          String name = method.get(0);
          String descriptor = method.get(1);
          MethodKey own = site.key.method();
          if (own.name().equals(name) && own.descriptor().equals(descriptor)) {
            sites.plan(site, treatment);
          } else {
            sites.planElsewhere(
                site,
                type,
                new SitePlan(site.row(), name, descriptor, uses.get(0).ordinal(), treatment),
                MethodDigest.of(code, name, descriptor));
          }
        });
  }

  /** What owners had in the field before they were closed is given back there from now on. */
  private void leaveToIt(Verdict.Field field) {
    for (TrackedSite owner : sites.list()) {
      if (!isReplacing(owner)
          && owner.verdict() instanceof Verdict.Proven proven
          && proven.owned() != null
          && proven.owned().fields().contains(field)) {
        runtime.releasesCurrentOnly(owner.row());
      }
    }
  }

  /** The same, for an owner whose row has just been opened. */
  void leaveToIt(TrackedSite owner, List<Verdict.Field> fields) {
    for (TrackedSite site : sites.list()) {
      if (isReplacing(site)
          && site.planned()
          && site.verdict() instanceof Verdict.Proven proven
          && proven.replaced().field() != null
          && fields.contains(proven.replaced().field())) {
        runtime.releasesCurrentOnly(owner.row());
      }
    }
  }
}

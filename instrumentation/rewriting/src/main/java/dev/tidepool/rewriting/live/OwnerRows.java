package dev.tidepool.rewriting.live;

import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.gate.BufferMemory;
import dev.tidepool.rewriting.gate.GateRuntime;
import dev.tidepool.rewriting.gate.OwnedFields;
import dev.tidepool.rewriting.gate.Secrets;
import dev.tidepool.rewriting.gate.SiteSpec;
import dev.tidepool.rewriting.site.Allocation;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Type;

/** Opens the rows of what gives back arrays that live in fields. The proof thread's own. */
final class OwnerRows {
  private final Sites sites;
  private final GateRuntime runtime;
  private final Prover prover;
  private final OutgrownLife outgrown;

  OwnerRows(Sites sites, GateRuntime runtime, Prover prover, OutgrownLife outgrown) {
    this.sites = sites;
    this.runtime = runtime;
    this.prover = prover;
    this.outgrown = outgrown;
  }

  /** Opens the row by which the owner's arrays are given back. */
  void open(TrackedSite owner, Verdict.Proven proven, int arrayType, RewritingSettings settings) {
    if (proven.replaced() != null) {
      // whoever made the object may have filled it with a key
      sites.openRow(owner, new SiteSpec(arrayType, settings.minBytes(), false, true));
      if (proven.replaced().closes()) {
        closes(owner, proven.replaced().field());
      } else {
        runtime.replaces(owner.row(), owner.type.get());
      }
      return;
    }
    boolean secret = mayHoldSecrets(owner, proven);
    if (proven.owned() == null) {
      sites.openRow(owner, new SiteSpec(arrayType, settings.minBytes(), false, secret));
      return;
    }
    if (proven.owned().isMemory()) {
      sites.openRow(owner, new SiteSpec(arrayType, 0, false, false));
      runtime.ends(owner.row(), bufferMemory());
      return;
    }
    List<Verdict.Field> fields = ofType(proven.owned().fields(), arrayType);
    int type = arrayType;
    if (fields.isEmpty()) {
      type = newarrayType(proven.owned().fields().get(0).descriptor());
      fields = ofType(proven.owned().fields(), type);
    }
    sites.openRow(owner, new SiteSpec(type, settings.minBytes(), false, secret));
    runtime.owns(owner.row(), readers(fields));
    outgrown.leaveToIt(owner, fields);
  }

  /** By whom the arrays are filled: who makes the owner, the owner, or what they come from. */
  private static boolean mayHoldSecrets(TrackedSite owner, Verdict.Proven proven) {
    Set<TypeRef> fillers = new HashSet<>(Set.of(owner.key.method().owner()));
    proven.sources().forEach(source -> fillers.add(source.method().owner()));
    if (proven.owned() != null) {
      proven.owned().fields().forEach(field -> fillers.add(field.owner()));
    }
    boolean made =
        owner.place.allocates() instanceof Allocation.Instance instance
            && Secrets.mayHold(instance.className());
    return made || fillers.stream().anyMatch(type -> Secrets.mayHold(type.name()));
  }

  private void closes(TrackedSite owner, Verdict.Field field) {
    Class<?> type = owner.type.get();
    if (type != null) {
      prover.open(type);
      try {
        runtime.closes(owner.row(), type, field.name());
      } catch (ReflectiveOperationException | RuntimeException closed) {
        // then nothing is known of its arrays, and none is given back
      }
    }
  }

  /** Null where this JDK ends it in another way: then the site does nothing. */
  private BufferMemory bufferMemory() {
    try {
      return BufferMemory.of(
          prover.opened("java.nio.DirectByteBuffer"), prover.opened("jdk.internal.ref.Cleaner"));
    } catch (ReflectiveOperationException | RuntimeException | OutOfMemoryError otherJdk) {
      return null;
    }
  }

  /** Null where they cannot be read: then the site gives nothing back. */
  private OwnedFields readers(List<Verdict.Field> fields) {
    List<OwnedFields.Field> found = new ArrayList<>();
    for (Verdict.Field field : fields) {
      Class<?> declaring = prover.loaded().find(field.owner());
      if (declaring == null) {
        return null;
      }
      prover.open(declaring);
      found.add(new OwnedFields.Field(declaring, field.name(), arrayClass(field.descriptor())));
    }
    try {
      return OwnedFields.of(found);
    } catch (ReflectiveOperationException closed) {
      return null;
    }
  }

  private static List<Verdict.Field> ofType(List<Verdict.Field> fields, int arrayType) {
    return fields.stream().filter(f -> newarrayType(f.descriptor()) == arrayType).toList();
  }

  static boolean isArray(String descriptor) {
    return descriptor.length() == 2 && descriptor.charAt(0) == '[';
  }

  static int newarrayType(String descriptor) {
    return "ZCFDBSIJ".indexOf(descriptor.charAt(1)) + 4;
  }

  private static Class<?> arrayClass(String descriptor) {
    return switch (Type.getType(descriptor).getElementType().getSort()) {
      case Type.BOOLEAN -> boolean[].class;
      case Type.CHAR -> char[].class;
      case Type.FLOAT -> float[].class;
      case Type.DOUBLE -> double[].class;
      case Type.SHORT -> short[].class;
      case Type.INT -> int[].class;
      case Type.LONG -> long[].class;
      default -> byte[].class;
    };
  }
}

package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.TypeRef;
import java.util.Collection;
import java.util.Optional;

/** The classes a proof may speak about: those loaded in this virtual machine, or a set of files. */
public interface ClassWorld {

  /** The loaded class that code in {@code from} means by this internal name, if it is loaded. */
  Optional<TypeRef> resolve(TypeRef from, String internalName);

  /**
   * Told that a proof would have gone on had the class been loaded that code in {@code from} means;
   * what comes of it comes later.
   */
  default void missed(TypeRef from, String internalName) {}

  /** The class file of a loaded class as it runs now, without what this agent rewrote in it. */
  Optional<byte[]> bytes(TypeRef type);

  /** Every loaded class and interface below {@code type}, itself included. */
  Collection<TypeRef> subtypes(TypeRef type);
}

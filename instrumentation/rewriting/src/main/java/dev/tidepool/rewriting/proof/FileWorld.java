package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.objectweb.asm.ClassReader;

/** A fixed set of class files, all taken as loaded: for proofs without a running program. */
public final class FileWorld implements ClassWorld {
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, List<String>> below = new HashMap<>();
  private final LoaderRef applicationLoader;
  private final Map<String, LoaderRef> loaders = new HashMap<>();

  public FileWorld(ClassLoader application) {
    this.applicationLoader = LoaderRef.of(application);
  }

  /** Adds a class file, of the boot loader or of the application. */
  public FileWorld add(byte[] classFile, boolean boot) {
    ClassReader reader = new ClassReader(classFile);
    String name = reader.getClassName();
    if (files.putIfAbsent(name, classFile) == null) {
      loaders.put(name, boot ? LoaderRef.BOOT : applicationLoader);
      if (reader.getSuperName() != null) {
        below.computeIfAbsent(reader.getSuperName(), k -> new ArrayList<>()).add(name);
      }
      for (String face : reader.getInterfaces()) {
        below.computeIfAbsent(face, k -> new ArrayList<>()).add(name);
      }
    }
    return this;
  }

  /** The class of this internal name. */
  public Optional<TypeRef> type(String name) {
    return files.containsKey(name)
        ? Optional.of(new TypeRef(name, loaders.get(name)))
        : Optional.empty();
  }

  public Collection<String> names() {
    return files.keySet();
  }

  @Override
  public Optional<TypeRef> resolve(TypeRef from, String internalName) {
    return type(internalName);
  }

  @Override
  public Optional<byte[]> bytes(TypeRef type) {
    return Optional.ofNullable(files.get(type.name()));
  }

  @Override
  public Collection<TypeRef> subtypes(TypeRef type) {
    Map<String, TypeRef> found = new LinkedHashMap<>();
    collect(type.name(), found);
    return found.values();
  }

  private void collect(String name, Map<String, TypeRef> found) {
    if (type(name).isPresent() && found.putIfAbsent(name, type(name).get()) == null) {
      for (String sub : below.getOrDefault(name, List.of())) {
        collect(sub, found);
      }
    }
  }
}

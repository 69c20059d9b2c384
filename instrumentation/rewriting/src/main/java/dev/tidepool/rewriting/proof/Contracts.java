package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is taken on trust: a reviewed list of exact JDK methods, most of them native, in the
 * resource {@code contracts.txt}. Only classes of the boot loader are meant.
 */
final class Contracts {
  /** What a trusted method does with the operands it is given. */
  enum Contract {
    /** Uses them during the call only and returns nothing that leads to them. */
    NONE,
    /** The result may be, or lead to, any of the operands. */
    RETURNS,
    /** References in the first array are put into the second; nothing for primitive arrays. */
    COPIES,
    /** The fourth argument may be put into a field of the first. */
    SWAPS,
    /** The last operand is put into the first, which holds it from then on; nobody else does. */
    KEEPS
  }

  private final Map<String, Contract> methods = new HashMap<>();
  private final Set<String> stableFields = new HashSet<>();
  private final Set<String> memoFields = new HashSet<>();

  static Contracts load() {
    Contracts contracts = new Contracts();
    try (InputStream in = Contracts.class.getResourceAsStream("contracts.txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        contracts.add(line.strip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("contracts.txt", e);
    }
    return contracts;
  }

  private void add(String line) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    int space = line.indexOf(' ');
    String word = line.substring(0, space);
    String what = line.substring(space + 1).strip();
    switch (word) {
      case "none" -> methods.put(what, Contract.NONE);
      case "returns" -> methods.put(what, Contract.RETURNS);
      case "copies" -> methods.put(what, Contract.COPIES);
      case "swaps" -> methods.put(what, Contract.SWAPS);
      case "keeps" -> methods.put(what, Contract.KEEPS);
      case "stable" -> stableFields.add(what);
      case "memo" -> memoFields.add(what);
      default -> throw new IllegalArgumentException("contracts.txt: " + line);
    }
  }

  /** The contract of this method, or null where nothing is taken on trust. */
  Contract of(MethodKey method) {
    if (!method.owner().loader().isBoot()) {
      return null;
    }
    return methods.get(method.owner().name() + "." + method.name() + method.descriptor());
  }

  /**
   * Whether what stands in the field is only used in calls that are handed the same array again.
   */
  boolean memo(TypeRef owner, String field) {
    return owner.loader().isBoot() && memoFields.contains(owner.name() + "." + field);
  }

  /** Whether the field of this JDK class is known to be set in the constructor or to null only. */
  boolean stable(TypeRef owner, String field) {
    return owner.loader().isBoot() && stableFields.contains(owner.name() + "." + field);
  }
}

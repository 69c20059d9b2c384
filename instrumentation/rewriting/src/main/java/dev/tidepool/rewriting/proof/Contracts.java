package dev.tidepool.rewriting.proof;

import dev.tidepool.rewriting.code.ReviewedList;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.TypeRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
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
    KEEPS,
    /** Nobody gets the last operand but one back from it; the others are kept. */
    PHANTOM
  }

  /**
   * A method that keeps what it is given until another method of the same object says true.
   *
   * @param type the class of both
   * @param take name and descriptor of the one
   * @param until name and descriptor of the other, which takes nothing
   * @param holder the class with the field that such an object is read from
   */
  record Loan(String type, String take, String until, String holder, String field) {}

  private final Map<String, Contract> methods = new HashMap<>();
  private final List<Loan> loans = new ArrayList<>();
  private final Set<String> stableFields = new HashSet<>();
  private final Set<String> settlingFields = new HashSet<>();
  private final Set<String> memoFields = new HashSet<>();
  private final Set<String> apartFields = new HashSet<>();

  static Contracts load() {
    Contracts contracts = new Contracts();
    ReviewedList.lines(Contracts.class, "contracts.txt").forEach(contracts::add);
    return contracts;
  }

  private void add(String line) {
    int space = line.indexOf(' ');
    String word = line.substring(0, space);
    String what = line.substring(space + 1).strip();
    switch (word) {
      case "none" -> methods.put(what, Contract.NONE);
      case "returns" -> methods.put(what, Contract.RETURNS);
      case "copies" -> methods.put(what, Contract.COPIES);
      case "swaps" -> methods.put(what, Contract.SWAPS);
      case "keeps" -> methods.put(what, Contract.KEEPS);
      case "phantom" -> methods.put(what, Contract.PHANTOM);
      case "stable" -> stableFields.add(what);
      case "settles" -> settlingFields.add(what);
      case "memo" -> memoFields.add(what);
      case "apart" -> apartFields.add(what);
      case "lends" -> loans.add(loan(what.split(" +")));
      default -> throw new IllegalArgumentException("contracts.txt: " + line);
    }
  }

  private static Loan loan(String[] words) {
    int dot = words[3].indexOf('.');
    return new Loan(
        words[0], words[1], words[2], words[3].substring(0, dot), words[3].substring(dot + 1));
  }

  /** What is known of this method's keeping its operands for a while, or null. */
  Loan loan(TypeRef owner, String name, String descriptor) {
    for (Loan loan : loans) {
      if (owner.loader().isBoot()
          && loan.type().equals(owner.name())
          && loan.take().equals(name + descriptor)) {
        return loan;
      }
    }
    return null;
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

  /**
   * Whether the field of an object of exactly this class is touched by the class's own code only,
   * though others might.
   */
  boolean apart(TypeRef owner, String field) {
    return owner.loader().isBoot() && apartFields.contains(owner.name() + "." + field);
  }

  /** Whether the field of this JDK class is known to be set in the constructor or to null only. */
  boolean stable(TypeRef owner, String field) {
    return owner.loader().isOfJdk() && stableFields.contains(owner.name() + "." + field);
  }

  /**
   * Whether this JDK class writes a stable field that it inherits, but only what keeps nothing: who
   * looks at the field before a call and after it has seen all that the call may have used.
   */
  boolean settles(TypeRef writer, String field) {
    return writer.loader().isOfJdk() && settlingFields.contains(writer.name() + "." + field);
  }
}

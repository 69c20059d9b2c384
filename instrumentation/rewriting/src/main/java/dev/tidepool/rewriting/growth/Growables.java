package dev.tidepool.rewriting.growth;

import dev.tidepool.rewriting.code.ReviewedList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The reviewed list of classes that grow. */
public final class Growables {
  private static final int COLUMNS = 8;

  private final Map<String, Growable> byClass;

  private Growables(Map<String, Growable> byClass) {
    this.byClass = byClass;
  }

  /** Reads {@code growables.txt}. */
  public static Growables load() {
    Map<String, Growable> byClass = new HashMap<>();
    for (String line : ReviewedList.lines(Growables.class, "growables.txt")) {
      Growable growable = parse(line.split("\\s+", -1));
      byClass.put(growable.className(), growable);
    }
    return new Growables(byClass);
  }

  /** The class of this internal name, or null where it is not in the list. */
  public Growable get(String internalName) {
    return byClass.get(internalName);
  }

  /** Names of all the classes, with dots. */
  public Set<String> sourceNames() {
    return byClass.values().stream()
        .map(Growable::sourceName)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Growable parse(String[] words) {
    if (words.length != COLUMNS) {
      throw new IllegalStateException("growables.txt: " + String.join(" ", words));
    }
    boolean lazy = words[1].startsWith("lazy");
    int dot = words[4].indexOf('.');
    return new Growable(
        words[0],
        Integer.parseInt(lazy ? words[1].substring("lazy".length()) : words[1]),
        lazy,
        GrowthRule.valueOf(words[2]),
        Integer.parseInt(words[3]),
        dot < 0 ? null : words[4].substring(0, dot),
        words[4].substring(dot + 1),
        words[5].equals("size()") ? null : words[5],
        words[6].equals("-") ? null : words[6],
        Growable.Sight.valueOf(words[7]));
  }
}

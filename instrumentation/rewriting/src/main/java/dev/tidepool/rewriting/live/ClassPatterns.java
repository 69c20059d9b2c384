package dev.tidepool.rewriting.live;

import java.util.ArrayList;
import java.util.List;

/** Class patterns as users write them: {@code org.x.*;com.y.Copier}. */
final class ClassPatterns {
  private final List<String> prefixes = new ArrayList<>();
  private final List<String> exact = new ArrayList<>();

  private ClassPatterns() {}

  /** Reads patterns separated by {@code ;}; a trailing {@code *} stands for any ending. */
  static ClassPatterns parse(String text) {
    ClassPatterns patterns = new ClassPatterns();
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf(';', start);
      end = end < 0 ? text.length() : end;
      String pattern = text.substring(start, end).trim().replace('.', '/');
      if (pattern.endsWith("*")) {
        patterns.prefixes.add(pattern.substring(0, pattern.length() - 1));
      } else if (!pattern.isEmpty()) {
        patterns.exact.add(pattern);
      }
      start = end + 1;
    }
    return patterns;
  }

  boolean isEmpty() {
    return prefixes.isEmpty() && exact.isEmpty();
  }

  /** Whether any pattern matches this internal name. */
  boolean matches(String internalName) {
    for (int i = 0; i < prefixes.size(); i++) {
      if (internalName.startsWith(prefixes.get(i))) {
        return true;
      }
    }
    return exact.contains(internalName);
  }
}

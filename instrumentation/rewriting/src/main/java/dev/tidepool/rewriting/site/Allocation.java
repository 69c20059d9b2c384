package dev.tidepool.rewriting.site;

/** What an allocation site makes. */
public sealed interface Allocation {

  /** For people: the type of an array ({@code byte[]}), or the class with dots. */
  String text();

  /**
   * An array of a primitive type.
   *
   * @param newarrayType operand of the {@code newarray} instruction (JVMS 6.5)
   */
  record Array(int newarrayType) implements Allocation {
    private static final String[] ELEMENTS = {
      "boolean", "char", "float", "double", "byte", "short", "int", "long"
    };

    @Override
    public String text() {
      return ELEMENTS[newarrayType - 4] + "[]";
    }
  }

  /**
   * An array that a call returns.
   *
   * @param newarrayType operand of the {@code newarray} instruction that would make one
   */
  record Result(int newarrayType) implements Allocation {
    @Override
    public String text() {
      return new Array(newarrayType).text();
    }
  }

  /**
   * No array: the one in a field is replaced there, or one is handed back.
   *
   * @param newarrayType operand of the {@code newarray} instruction that would make one
   */
  record Replaced(int newarrayType) implements Allocation {
    @Override
    public String text() {
      return new Array(newarrayType).text();
    }
  }

  /**
   * An object whose buffers, or whose capacity, are what matters.
   *
   * @param className internal name
   */
  record Instance(String className) implements Allocation {
    @Override
    public String text() {
      return className.replace('/', '.');
    }
  }

  /**
   * An object whose array grows with what is put into it; the site is the call of its constructor.
   *
   * @param className internal name
   */
  record Growable(String className) implements Allocation {
    @Override
    public String text() {
      return className.replace('/', '.');
    }
  }

  /**
   * Memory outside the heap.
   *
   * @param text {@code direct memory}
   */
  record Native(String text) implements Allocation {}
}

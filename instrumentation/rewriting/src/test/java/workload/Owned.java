package workload;

/** An owner of an array that one caller lets go of and another keeps. */
public final class Owned {
  private static Owner kept;

  private Owned() {}

  /** What has the array. */
  public static final class Owner {
    private final byte[] bytes;
    private int size;

    Owner(int length) {
      bytes = new byte[length];
    }

    void put(int one) {
      bytes[size++] = (byte) one;
    }

    int ends() {
      return bytes[0] + bytes[size - 1];
    }
  }

  /** Makes owners and lets go of them. */
  public static final class Maker {
    private Maker() {}

    public static int local(int seed) {
      Owner owner = new Owner(8192);
      for (int i = 0; i < 50; i++) {
        owner.put(seed + i);
      }
      return owner.ends();
    }
  }

  public static int keeps(int seed) {
    Owner owner = new Owner(8192);
    owner.put(seed);
    kept = owner;
    return kept.ends();
  }
}

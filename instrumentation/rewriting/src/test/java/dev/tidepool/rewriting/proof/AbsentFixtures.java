package dev.tidepool.rewriting.proof;

/** Code that would hand an array to an object of a class that is not loaded. */
@SuppressWarnings({"all", "deprecation", "removal"})
class AbsentFixtures {
  static final class Absent {
    static byte[] last;

    void take(byte[] b) {
      last = b;
    }

    static void keep(byte[] b) {
      last = b;
    }
  }

  static final class Caller {
    Object perhaps;

    int onAnObject() {
      byte[] b = new byte[4096];
      if (perhaps != null) {
        ((Absent) perhaps).take(b);
      }
      return b.length;
    }

    int onTheClass() {
      byte[] b = new byte[4096];
      if (perhaps != null) {
        Absent.keep(b);
      }
      return b.length;
    }
  }
}

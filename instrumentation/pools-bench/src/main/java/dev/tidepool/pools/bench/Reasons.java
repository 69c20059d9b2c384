package dev.tidepool.pools.bench;

/** Why a row is not won, as far as it is understood. */
final class Reasons {
  private Reasons() {}

  static String why(String first, String situation) {
    return switch (first) {
      case "NEW" ->
          "Allocating what is small, and garbage at once, is a pointer bump and a clearing of"
              + " few lines, which the compiler may even leave out: pooling pays from 1-4 KB.";
      case "JCTOOLS" ->
          "A bare queue of one size, without a budget, sizes, counters or a check of what is"
              + " given back; between threads a queue moves one cache line where we move three.";
      case "NETTY_RECYCLER" ->
          "The recycler's object carries its handle, so that giving back looks nothing up; an"
              + " array cannot carry one. It knows no bytes, and pools on Netty's own threads only.";
      case "STORMPOT" -> "Its object carries its slot, and a thread's last slot is claimed first.";
      default ->
          situation.contains("virtual") ? "Not understood well enough to say." : "See the figures.";
    };
  }
}

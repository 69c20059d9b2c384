package dev.tidepool.pools.bench;

/** Why a row is not won or a goal not reached, as far as it is understood. */
final class Reasons {
  private Reasons() {}

  static String why(String first) {
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
      default -> "Not understood well enough to say.";
    };
  }

  static String whyNot(String goal) {
    if (goal.startsWith("Queues")) {
      return "one element through a queue is most of the time in both cases: `offer` and `poll` of"
          + " `ArrayBlockingQueue` each take its lock. What pooling saves is the array of the"
          + " elements, and a short one costs no more than looking a queue up.";
    }
    if (goal.startsWith("Object of a bounded")) {
      return "all threads share all objects, so taking and giving each lock a stripe: two"
          + " atomic instructions that a pool of which threads keep a part does without.";
    }
    if (goal.startsWith("Array") || goal.startsWith("Object")) {
      return "the slowest of its rows counts; which one that is, and how sure, is in the table below.";
    }
    if (goal.startsWith("Allocation")) {
      return "where more threads work than cores, one may meet another's lock four times and"
          + " allocates then.";
    }
    return "not understood well enough to say.";
  }

  static String caches() {
    return "`BoundedCache` hits less often than Caffeine: it knows how lately a key was asked for,"
        + " Caffeine (W-TinyLFU) also how often, of keys it no longer holds, too. To keep such a"
        + " sketch here would be to write that library again; shaded, it would be larger than all"
        + " pools together. Where hits are dear, use it.";
  }
}

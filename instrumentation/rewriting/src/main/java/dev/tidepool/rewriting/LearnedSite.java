package dev.tidepool.rewriting;

/**
 * A site that was at work, to be taken up again in another run of the same program.
 *
 * @param site its id, the same wherever the same class file is loaded
 * @param className with dots
 * @param digest of the method's code; what was learned of other code is not used
 * @param remedy that was in force
 * @param startsAt capacity at which objects made here started; 0 where they do not grow
 */
public record LearnedSite(
    String site,
    String className,
    String method,
    String descriptor,
    long digest,
    String remedy,
    int startsAt) {}

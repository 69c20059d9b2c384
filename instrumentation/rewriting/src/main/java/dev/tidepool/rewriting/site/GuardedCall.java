package dev.tidepool.rewriting.site;

/**
 * A call in the site's own method that is safe only for receivers that are proven not to keep the
 * buffer. Before the call the receiver is asked about; where the answer is no, the buffer is
 * dropped to the collector instead of released.
 *
 * @param ordinal the invoke instruction: its index among the method's real instructions, labels,
 *     lines and frames not counted
 * @param guard id under which the table of guards knows the call
 */
public record GuardedCall(int ordinal, int guard) {}

/**
 * How the pools hold what they hold; no part of the API.
 *
 * <p>The idea: a {@link dev.tidepool.pools.internal.Shelf} is a small set-associative table of
 * references beside a table of words. Lending an array out and taking it back only changes a word,
 * a plain store of a long; the reference stays where it is, so the hot path pays neither an atomic
 * instruction nor a collector's write barrier. References are put in and taken out under the
 * shelf's lock, together with the bytes they reserve in the one {@link
 * dev.tidepool.pools.internal.Budget}. Because nobody but a shelf's user ever hands an array out, a
 * trimmer may drop references of any shelf at any time: the user finds a hole and allocates.
 *
 * <p>What comes back is not all kept: arrays of programs come in many lengths, of which most may
 * come but once, and some places give more than others take. Once a little of the budget is taken
 * only kinds get in that were asked for in vain again and again ({@link
 * dev.tidepool.pools.internal.Demand}), and of each kind none where more wait untouched than are in
 * use. An array that is out for so long that its place is given up is let in when it comes back:
 * its kind was asked for, and found. What is kept in vain takes room, and a copying collector
 * carries it about until it is old.
 */
package dev.tidepool.pools.internal;

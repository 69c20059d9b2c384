/**
 * What the running JVM lets us move: manageable flags and a few actions.
 *
 * <p>A lever knows its bounds, reads back what it set, remembers what was there before and puts it
 * back. A flag that a user has set is never moved unless the user said so.
 */
package dev.tidepool.tuning.levers;

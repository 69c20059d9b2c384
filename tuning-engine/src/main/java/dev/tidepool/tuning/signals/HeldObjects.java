package dev.tidepool.tuning.signals;

/**
 * Objects of one kind that were made while a leak was looked for and were still held in the end.
 *
 * @param type class of the objects
 * @param madeAt method and line that allocates them, empty where JFR did not tell
 * @param heldBy fields from the nearest one up, empty where the search for them was cut short
 * @param samples how many of the sampled objects these are
 * @param bytes their sizes together
 */
public record HeldObjects(String type, String madeAt, String heldBy, int samples, long bytes) {}

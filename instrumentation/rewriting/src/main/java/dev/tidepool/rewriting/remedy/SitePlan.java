package dev.tidepool.rewriting.remedy;

/**
 * What to do at one instruction of a class.
 *
 * @param id row of the gate's runtime
 * @param ordinal position among the method's real instructions, see {@link
 *     dev.tidepool.rewriting.code.ClassCode}
 */
public record SitePlan(
    int id, String method, String descriptor, int ordinal, Treatment treatment) {}

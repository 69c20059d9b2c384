package dev.tidepool.rewriting.gate;

/**
 * What the runtime must know of a site.
 *
 * @param newarrayType operand of the {@code newarray} instruction (JVMS 6.5)
 * @param minBytes arrays with fewer bytes of elements are not pooled
 * @param zeroExcused whether nobody reads an element before it is written, so that an array may
 *     come as it was left
 * @param secret whether arrays are cleared when released, see {@link Secrets}
 */
public record SiteSpec(int newarrayType, long minBytes, boolean zeroExcused, boolean secret) {}

package dev.tidepool.rewriting.gate;

/**
 * What the runtime must know of a site.
 *
 * @param newarrayType operand of the {@code newarray} instruction (JVMS 6.5)
 * @param minBytes arrays with fewer bytes of elements are not pooled
 * @param zeroExcused whether the proof shows that nobody reads an element before it is written;
 *     none does so far, so every pooled array is cleared
 * @param secret whether arrays are cleared when released, see {@link Secrets}
 */
public record SiteSpec(int newarrayType, long minBytes, boolean zeroExcused, boolean secret) {}

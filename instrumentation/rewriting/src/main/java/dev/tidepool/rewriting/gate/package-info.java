/**
 * The one door between rewritten code and the agent, and what stands behind it.
 *
 * <p>Rewritten code, of the JDK too, may call only what every class loader sees. So one small
 * class, {@link dev.tidepool.rewriting.gate.Gate}, is defined in {@code java.lang} under another
 * name; it knows nothing but JDK types and by itself does what the original instruction did. Behind
 * it {@link dev.tidepool.rewriting.gate.GateRuntime} keeps one row per site and decides, call by
 * call, whether an array comes from the pool, is only counted, or is left alone.
 */
package dev.tidepool.rewriting.gate;

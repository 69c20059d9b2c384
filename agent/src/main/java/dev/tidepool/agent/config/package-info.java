/**
 * What the user may set, where it may be said, and what holds in the end.
 *
 * <p>The same keys are read from the agent's arguments, from system properties, from the
 * environment and from a file, in this order of weight. Whatever is wrong in them costs one line
 * and falls back to the default; it never stops anything.
 */
package dev.tidepool.agent.config;

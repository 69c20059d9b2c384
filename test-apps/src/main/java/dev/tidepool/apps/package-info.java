/**
 * Real applications to attach to.
 *
 * <p>Each does work that depends on nothing but a seed and answers with a checksum of what it
 * produced, so that two runs can be told equal or not whatever ran beside them. The libraries come
 * from Maven Central and are used as they are.
 */
package dev.tidepool.apps;

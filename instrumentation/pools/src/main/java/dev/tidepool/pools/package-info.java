/**
 * Pools of buffers and objects for code that allocates the same things over and over.
 *
 * <p>A pool here never makes anybody wait and never keeps more than its budget: what does not fit
 * is dropped to the garbage collector, which is always right. Threads keep a few arrays of their
 * own, striped slots serve virtual threads and overflow, and every count is summed only when
 * somebody asks.
 */
package dev.tidepool.pools;

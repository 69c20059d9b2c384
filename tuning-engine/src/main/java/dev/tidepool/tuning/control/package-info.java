/**
 * The controller: a function of snapshots that decides which lever to move.
 *
 * <p>Nothing here knows a clock, a thread or a JVM: time is the snapshot's, levers and actions are
 * handed in. A simulator drives the same code through loads, leaks and resized containers.
 */
package dev.tidepool.tuning.control;

/**
 * The load driver: one application against itself, with and without the agent, in turn.
 *
 * <p>Every run is a process of its own. Baseline and agent alternate over several rounds, so that
 * whatever the machine does meanwhile falls on both; each run warms up before it is measured; what
 * is told is the median of the rounds with its spread.
 */
package dev.tidepool.apps.load;

/**
 * How much of what applications allocate the agent takes away, and what that costs them.
 *
 * <p>Two questions are kept apart. How many bytes an application puts into large arrays is counted
 * once, in a run that is not timed: its allocation buffers are made smaller than a kilobyte, so
 * that the JVM reports each larger array as an event of its own, and nothing has to be estimated.
 * What the agent removes is told by the JVM's exact byte counters in timed runs at default
 * settings: a process with and one without the agent are kept warm side by side and measured in
 * turn, in short windows.
 */
package dev.tidepool.apps.coverage;

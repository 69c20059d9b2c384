/**
 * The child's side of a measurement: one application in a process of its own.
 *
 * <p>It takes one command a line on standard input and answers each with one line of JSON on
 * standard output. Its workers live as long as the process, so that bytes counted per thread add up
 * to the process's.
 */
package dev.tidepool.apps.process;

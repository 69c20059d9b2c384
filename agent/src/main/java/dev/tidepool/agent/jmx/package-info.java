/**
 * The agent as MXBeans of the domain {@code dev.tidepool}: attributes to read, operations that
 * mirror the command line. Plain types only, so that JConsole and exporters can read all of it
 * without a class of ours.
 */
package dev.tidepool.agent.jmx;

/**
 * The agent's own log: a few lines, to a place no logging framework of the application knows of.
 */
package dev.tidepool.agent.log;

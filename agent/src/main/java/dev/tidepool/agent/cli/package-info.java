/** The command line: finds virtual machines, attaches to them, asks the agent in them, prints. */
package dev.tidepool.agent.cli;

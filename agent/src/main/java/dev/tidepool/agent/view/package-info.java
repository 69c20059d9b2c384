/** The agent's state as documents: the same maps and lists become JSON, tables and pages. */
package dev.tidepool.agent.view;

/** The applications with and without the agent, and the driver that runs them. */
package dev.tidepool.apps.load;

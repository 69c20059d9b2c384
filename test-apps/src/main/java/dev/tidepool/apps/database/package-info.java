/** SQL through H2. */
package dev.tidepool.apps.database;

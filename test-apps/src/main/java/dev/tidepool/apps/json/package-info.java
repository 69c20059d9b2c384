/** The control: a service in which there is nothing to pool, and nothing may change. */
package dev.tidepool.apps.json;

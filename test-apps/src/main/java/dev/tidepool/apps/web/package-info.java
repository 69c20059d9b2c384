/** The HTTP server of the JDK with gzip bodies in one process, a client in another. */
package dev.tidepool.apps.web;

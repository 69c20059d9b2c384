/** Embedded Tomcat in one process, an HTTP client of the JDK in another. */
package dev.tidepool.apps.tomcat;

/** A worker that uses the JDK's own library and no other. */
package dev.tidepool.apps.jdk;

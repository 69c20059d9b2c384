/** TLS over loopback, both ends in one process. */
package dev.tidepool.apps.tls;

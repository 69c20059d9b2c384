/** Commons Compress, with XZ for Java under its 7z. */
package dev.tidepool.apps.archives;

/** A full-text index through Apache Lucene. */
package dev.tidepool.apps.search;

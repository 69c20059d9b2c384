/** Tables in and out, packed with gzip each time: Commons CSV and Jackson. */
package dev.tidepool.apps.csv;

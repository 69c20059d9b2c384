/**
 * One binder for each subject: its constructor takes what it watches, {@code bindTo} registers its
 * meters. The names are part of the product; no label can take an unbounded number of values.
 */
package dev.tidepool.agent.metrics;

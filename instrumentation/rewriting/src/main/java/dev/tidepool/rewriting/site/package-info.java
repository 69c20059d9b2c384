/** The words of the trade as values: sites, their states, verdicts and what verdicts rest on. */
package dev.tidepool.rewriting.site;

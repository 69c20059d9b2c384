/** What rewritten code pays at the gate, beside what it paid before. */
package dev.tidepool.rewriting.bench;

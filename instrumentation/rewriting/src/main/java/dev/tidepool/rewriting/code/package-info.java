/** Class files read into trees that remember each instruction's offset. */
package dev.tidepool.rewriting.code;

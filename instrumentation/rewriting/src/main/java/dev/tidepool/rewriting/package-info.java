/**
 * From a class file's bytes to rewritten bytes and back.
 *
 * <p>A nominated method is read, its allocation sites are listed and counted, each hot site is
 * either proven to keep its buffer to itself or refused with the path along which the buffer
 * escapes, and proven sites are rewritten so that their buffers come from a pool. Everything here
 * can be undone: a rewritten class is always made from the original bytes and the current plan.
 */
package dev.tidepool.rewriting;

/**
 * Proves that an array made at a site cannot be reached once its method is done with it.
 *
 * <p>Every local and stack slot holds a set of origins (the site, an argument, an object that holds
 * the site's array, anything else). A fixpoint over the method's code finds every instruction an
 * origin flows into; an instruction that lets it out is an escape, a call is judged by a summary of
 * what it may run. What cannot be known at proof time but can at call time, the class of a
 * receiver, becomes a guard. Anything not understood is an escape, and its reason is the text the
 * user reads.
 */
package dev.tidepool.rewriting.proof;

/**
 * What is done at a site, and how a class file is rewritten for it.
 *
 * <p>A class is always rewritten from its original bytes and the whole list of plans for it, so the
 * result depends on nothing else and undoing a plan is leaving it out. Fields, methods, frames,
 * line numbers and variable tables stay; methods without a plan are copied byte for byte. A local
 * variable of the agent's own, behind all others, holds each pooled array until the method leaves.
 *
 * <p>Native memory is recycled in the JDK's own classes, where it is made and where it is freed
 * ({@link dev.tidepool.rewriting.remedy.NativePlaces}). No escape proof is needed: the JDK frees
 * the memory at the one moment from which nobody can reach it, by {@code end()}, by the cleaner or
 * by the reference handler, and only there, instead of being freed, it is kept. What it must be
 * when it is used again is made so by the JDK too: a direct buffer is cleared in its constructor, a
 * compressor is reset as {@code reset()} documents it. Each place is known instruction by
 * instruction; in a JDK that has it otherwise nothing is rewritten. When one of the places cannot
 * be rewritten, or no longer, the site's row is shut before the class is defined.
 */
package dev.tidepool.rewriting.remedy;

/**
 * What is done at a site, and how a class file is rewritten for it.
 *
 * <p>A class is always rewritten from its original bytes and the whole list of plans for it, so the
 * result depends on nothing else and undoing a plan is leaving it out. Fields, methods, frames,
 * line numbers and variable tables stay; methods without a plan are copied byte for byte. A local
 * variable of the agent's own, behind all others, holds each pooled array until the method leaves.
 */
package dev.tidepool.rewriting.remedy;

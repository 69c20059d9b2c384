/** Fixtures that have to live in a package of their own. */
package dev.tidepool.rewriting.proof.elsewhere;

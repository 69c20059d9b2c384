package dev.tidepool.rewriting.proof.elsewhere;

import dev.tidepool.rewriting.proof.HuntedFixtures;

/** Has a method of the name of one it cannot see, and so does not override it. */
public final class Stranger extends HuntedFixtures.Homely {
  public void take(byte[] b) {
    b[0] = 1;
  }
}

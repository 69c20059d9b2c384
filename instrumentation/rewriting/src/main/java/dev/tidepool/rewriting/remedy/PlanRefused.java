package dev.tidepool.rewriting.remedy;

/** A plan that cannot be carried out; the message is for people. */
final class PlanRefused extends Exception {
  private static final long serialVersionUID = 1;

  PlanRefused(String reason) {
    super(reason, null, false, false);
  }
}

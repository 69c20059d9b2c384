package dev.tidepool.rewriting.proof;

/** A summary holds if the object at the end of the path answers the question with yes. */
record Condition(AccessPath path, ReceiverQuestion question) {
  /** That it keeps nothing where it throws either. */
  Condition evenOnThrow() {
    return new Condition(path, question.evenOnThrow());
  }

  /** That of an array that goes back by itself. */
  Condition ofArrayOnly() {
    return new Condition(path, question.ofArrayOnly());
  }
}

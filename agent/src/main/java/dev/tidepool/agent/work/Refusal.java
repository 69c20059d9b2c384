package dev.tidepool.agent.work;

/** The agent says no; the message is one line for people: what is wrong and what to do. */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  public Refusal(String line) {
    super(line);
  }
}

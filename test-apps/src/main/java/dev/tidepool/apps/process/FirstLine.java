package dev.tidepool.apps.process;

/** A program as small as can be: says one line and ends. */
public final class FirstLine {
  private FirstLine() {}

  public static void main(String[] args) {
    System.out.println("{\"ready\":1}");
  }
}

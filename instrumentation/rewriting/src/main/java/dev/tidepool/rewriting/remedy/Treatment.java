package dev.tidepool.rewriting.remedy;

/** What a plan does at its site. */
public sealed interface Treatment permits Treatment.Count, Remedy {

  /** Nothing but counting: at a {@code newarray}, or at a call that copies an array. */
  record Count() implements Treatment {}
}

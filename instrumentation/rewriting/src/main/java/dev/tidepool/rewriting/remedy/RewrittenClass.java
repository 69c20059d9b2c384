package dev.tidepool.rewriting.remedy;

import java.util.Map;

/**
 * What came of the plans for one class.
 *
 * @param classFile the rewritten bytes, or null where nothing was rewritten
 * @param refused id of each plan that was not carried out, with the reason for people
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record RewrittenClass(byte[] classFile, Map<Integer, String> refused) {
  public RewrittenClass {
    refused = Map.copyOf(refused);
  }
}

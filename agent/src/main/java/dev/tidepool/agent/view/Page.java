package dev.tidepool.agent.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The one HTML page: live where it fetches its data, a report where the data stands in it. */
public final class Page {
  private static final String DATA = "/*DATA*/null";

  private Page() {}

  /** The page that asks the agent it came from, every two seconds. */
  public static String live() {
    try (InputStream in = Page.class.getResourceAsStream("/dev/tidepool/agent/view/page.html")) {
      if (in == null) {
        throw new IOException("page.html is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The page with a report in it, complete in one file. */
  public static String report(Object report) {
    // names in the report are the application's: none may end the script
    String data = Json.text(report).replace("<", "\\u003c");
    return live().replace(DATA, data);
  }
}

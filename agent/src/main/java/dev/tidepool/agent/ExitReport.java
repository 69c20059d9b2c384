package dev.tidepool.agent;

import dev.tidepool.agent.log.Log;
import dev.tidepool.agent.view.Documents;
import dev.tidepool.agent.view.Json;
import dev.tidepool.agent.view.Page;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the report when the application ends. */
final class ExitReport implements AutoCloseable {
  private final Thread hook;

  private ExitReport(Thread hook) {
    this.hook = hook;
  }

  static ExitReport register(File file, Documents documents, Log log) {
    Thread hook = new Thread(null, () -> write(file, documents, log), "tidepool-report", 0, false);
    hook.setContextClassLoader(null);
    ExitReport report = new ExitReport(hook);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // the application ended before its report was asked for
      write(file, documents, log);
    }
    return report;
  }

  private static void write(File file, Documents documents, Log log) {
    try {
      Object report = documents.report();
      String text =
          file.getName().endsWith(".html") ? Page.report(report) : Json.pretty(report) + "\n";
      try (OutputStream out = new FileOutputStream(file)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException unwritable) {
      log.warn("cannot write report " + file + " (" + unwritable.getMessage() + ")");
    } catch (Throwable fault) {
      log.failed("the report failed", fault);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // it runs already
    }
  }
}

package dev.tidepool.agent.live;

import dev.tidepool.agent.view.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the agent in a process answers, read through its command line. */
final class Answers {
  private Answers() {}

  /** The answer as JSON tells it; null while there is no agent to answer. */
  static Object of(Path jdk, Run application, String verb) {
    try (Run run = Run.tidepool(jdk, verb, application.pid(), "--json")) {
      return run.status() == 0 ? Json.parse(run.out()) : null;
    } catch (Exception failed) {
      throw new AssertionError(failed);
    }
  }

  /** What does not work there, as {@code status} says it. */
  static List<?> notes(Path jdk, Run application) {
    return of(jdk, application, "status") instanceof Map<?, ?> status
            && status.get("notes") instanceof List<?> notes
        ? notes
        : List.of();
  }

  /** The first row of a list in which the field has that value; empty where there is none. */
  static Map<?, ?> row(Path jdk, Run application, String verb, String field, String value) {
    if (of(jdk, application, verb) instanceof List<?> rows) {
      for (Object row : rows) {
        if (row instanceof Map<?, ?> map && value.equals(map.get(field))) {
          return map;
        }
      }
    }
    return Map.of();
  }

  /** State of the first site in a method; {@code unknown} while there is none. */
  static String stateOf(Path jdk, Run application, String method) {
    Object state = row(jdk, application, "sites", "method", method).get("state");
    return state == null ? "unknown" : state.toString();
  }
}

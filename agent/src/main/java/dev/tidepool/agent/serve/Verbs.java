package dev.tidepool.agent.serve;

import dev.tidepool.agent.log.Log;
import dev.tidepool.agent.view.Documents;
import dev.tidepool.agent.view.Page;
import dev.tidepool.agent.work.Operations;
import dev.tidepool.agent.work.Refusal;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What can be asked through the control socket, by name. */
public final class Verbs {
  private final Documents documents;
  private final Operations operations;
  private final Runnable detach;
  private final Supplier<String> flags;

  /**
   * @param flags text of the argument file for the next start
   * @param detach undoes everything in the calling thread, which is the agent's own
   */
  public Verbs(
      Documents documents, Operations operations, Supplier<String> flags, Runnable detach) {
    this.documents = documents;
    this.operations = operations;
    this.flags = flags;
    this.detach = detach;
  }

  /**
   * Does what the verb says.
   *
   * @return a document
   * @throws Refusal with one line where the answer is no
   */
  Object call(String verb, List<String> arguments) throws Refusal {
    return switch (verb) {
      case "ping" -> Map.of("version", documents.version());
      case "status" -> documents.status();
      case "sites" -> documents.sites();
      case "why" -> Documents.site(operations.site(one(verb, arguments)));
      case "decisions" -> documents.decisions();
      case "advise" -> documents.advice();
      case "flags" -> flags.get();
      case "doctor" -> documents.doctor();
      case "set" -> set(one(verb, arguments));
      case "revert" -> operations.revert(one(verb, arguments));
      case "report" -> report(one(verb, arguments));
      case "detach" -> {
        detach.run();
        yield "detached";
      }
      default ->
          throw new Refusal(
              "the agent in that process, version "
                  + documents.version()
                  + ", does not know \""
                  + verb
                  + "\"");
    };
  }

  private String set(String assignment) throws Refusal {
    int equals = assignment.indexOf('=');
    if (equals < 0) {
      throw new Refusal("\"" + assignment + "\" has no value: write key=value");
    }
    return operations.set(assignment.substring(0, equals), assignment.substring(equals + 1));
  }

  private Object report(String format) {
    return format.equals("html") ? Page.report(documents.report()) : documents.report();
  }

  private static String one(String verb, List<String> arguments) throws Refusal {
    if (arguments.size() != 1) {
      throw new Refusal(verb + " takes one argument");
    }
    return arguments.get(0);
  }

  /** A fault as one line for people. */
  static String line(Exception fault) {
    return fault instanceof Refusal ? fault.getMessage() : Log.inOneLine(fault);
  }
}

package dev.tidepool.agent.serve;

import dev.tidepool.agent.serve.HttpDoor.HttpAnswer;
import dev.tidepool.agent.view.Documents;
import dev.tidepool.agent.view.Json;
import dev.tidepool.agent.view.Page;
import dev.tidepool.agent.work.Operations;
import dev.tidepool.agent.work.Refusal;
import java.util.Map;
import java.util.function.Supplier;

/** What is found under each path. */
public final class HttpAnswers {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Documents documents;
  private final Operations operations;
  private final Supplier<String> metrics;

  /**
   * @param metrics the metrics as Prometheus text
   */
  public HttpAnswers(Documents documents, Operations operations, Supplier<String> metrics) {
    this.documents = documents;
    this.operations = operations;
    this.metrics = metrics;
  }

  HttpAnswer read(HttpRequest request) {
    return switch (request.path()) {
      case "/" -> new HttpAnswer(200, "text/html; charset=utf-8", Page.live());
      case "/metrics" -> new HttpAnswer(200, PROMETHEUS, metrics.get());
      case "/health" -> HttpAnswer.json(Json.text(Map.of("status", "UP")));
      case "/api/status" -> HttpAnswer.json(Json.text(documents.status()));
      case "/api/sites" -> HttpAnswer.json(Json.text(documents.sites()));
      case "/api/decisions" -> HttpAnswer.json(Json.text(documents.decisions()));
      case "/api/advice" -> HttpAnswer.json(Json.text(documents.advice()));
      default -> HttpAnswer.text(404, "nothing here: see /, /metrics, /health, /api/status");
    };
  }

  /** The body says what: {@code key=value} to set, a site's id or {@code all} to revert. */
  HttpAnswer change(HttpRequest request) {
    String body = request.body().trim();
    try {
      return switch (request.path()) {
        case "/api/set" -> {
          int equals = body.indexOf('=');
          yield equals < 0
              ? HttpAnswer.text(400, "the body must be key=value")
              : HttpAnswer.text(
                  200, operations.set(body.substring(0, equals), body.substring(equals + 1)));
        }
        case "/api/revert" -> HttpAnswer.text(200, operations.revert(body));
        default -> HttpAnswer.text(404, "nothing to change here: see /api/set, /api/revert");
      };
    } catch (Refusal no) {
      return HttpAnswer.text(409, no.getMessage());
    }
  }
}

package dev.tidepool.agent.view;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Documents to text and back. */
public final class Json {
  private static final JSON COMPACT = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);
  private static final JSON PRETTY = COMPACT.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

  private Json() {}

  /** One line of JSON for maps, lists, strings, numbers, booleans and null. */
  public static String text(Object document) {
    return write(COMPACT, document);
  }

  /** The same with line breaks. */
  public static String pretty(Object document) {
    return write(PRETTY, document);
  }

  /**
   * Reads JSON into maps, lists, strings, numbers, booleans and null.
   *
   * @throws IOException if the text is no JSON
   */
  public static Object parse(String text) throws IOException {
    return JSON.std.anyFrom(text);
  }

  /**
   * Reads a JSON object.
   *
   * @throws IOException if the text is none
   */
  public static Map<String, Object> parseObject(String text) throws IOException {
    return JSON.std.mapFrom(text);
  }

  private static String write(JSON json, Object document) {
    try {
      return json.asString(document);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}

package dev.tidepool.agent.serve;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A parsed request.
 *
 * @param path without the query
 * @param headers names in lower case
 */
record HttpRequest(String method, String path, Map<String, String> headers, String body) {

  /** Whether head and body are complete; nonsense counts as complete and is refused later. */
  static boolean isWhole(byte[] bytes, int length) {
    int head = endOfHead(bytes, length);
    return head >= 0 && length - head >= contentLength(bytes, head);
  }

  /**
   * Reads a whole request.
   *
   * @throws IllegalArgumentException if it is none
   */
  static HttpRequest parse(byte[] bytes, int length) {
    int head = endOfHead(bytes, length);
    String[] lines = new String(bytes, 0, head - 4, StandardCharsets.ISO_8859_1).split("\r\n", -1);
    String[] first = lines[0].split(" ", -1);
    if (first.length != 3 || !first[2].startsWith("HTTP/1.")) {
      throw new IllegalArgumentException("no request line");
    }
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException("no header line");
      }
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      if (headers.put(name, lines[i].substring(colon + 1).trim()) != null && name.equals("host")) {
        throw new IllegalArgumentException("two host headers");
      }
    }
    int query = first[1].indexOf('?');
    String path = query < 0 ? first[1] : first[1].substring(0, query);
    String body = new String(bytes, head, length - head, StandardCharsets.UTF_8);
    return new HttpRequest(first[0], path, headers, body);
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  private static int endOfHead(byte[] bytes, int length) {
    for (int i = 3; i < length; i++) {
      if (bytes[i] == '\n'
          && bytes[i - 1] == '\r'
          && bytes[i - 2] == '\n'
          && bytes[i - 3] == '\r') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int contentLength(byte[] bytes, int head) {
    String text = new String(bytes, 0, head, StandardCharsets.ISO_8859_1);
    for (String line : text.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        try {
          return Integer.parseInt(line.substring(15).trim());
        } catch (NumberFormatException nonsense) {
          return 0;
        }
      }
    }
    return 0;
  }
}

package dev.tidepool.agent.config;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What values a key takes.
 *
 * @param description for the line that says what would have been right
 * @param caseMatters whether {@code A} and {@code a} are two things in it
 * @param check throws {@link IllegalArgumentException} for what is not taken
 */
public record Kind(String description, boolean caseMatters, Consumer<String> check) {
  static final Kind SHARE = new Kind("a share such as 5%", false, Units::share);
  static final Kind SIZE_OR_SHARE =
      new Kind(
          "a size such as 64m or a share such as 5%",
          false,
          text -> {
            if (text.endsWith("%")) {
              Units.share(text);
            } else {
              Units.bytes(text);
            }
          });
  static final Kind PATTERNS =
      new Kind("class patterns such as org.x.*;com.y.Z", true, Kind::requirePatterns);
  static final Kind FILE = new Kind("a file", true, text -> require(!text.isBlank()));
  static final Kind REPORT_FILE =
      new Kind(
          "a file that ends in .json or .html",
          true,
          text -> require(text.equals("none") || text.endsWith(".json") || text.endsWith(".html")));
  static final Kind ADDRESS_OR_OFF =
      new Kind(
          "off, or address:port such as 127.0.0.1:7717",
          false,
          text -> {
            if (!text.equals("off")) {
              HostPort.parse(text);
            }
          });

  static Kind oneOf(String... words) {
    List<String> known = List.of(words);
    return new Kind(String.join(", ", known), false, text -> require(known.contains(text)));
  }

  /** None, or some of these words with {@code ;} between them. */
  static Kind someOf(String... words) {
    List<String> known = List.of(words);
    return new Kind(
        "none, or of " + String.join(", ", known) + " those meant, with ; between",
        true,
        text -> require(text.equals("none") || known.containsAll(words(text))));
  }

  /** The words of a value with {@code ;} between them. */
  public static List<String> words(String text) {
    return Stream.of(text.split(";", -1)).map(String::trim).toList();
  }

  static Kind sizeOr(String word) {
    return new Kind(
        word + " or a size such as 64m",
        false,
        text -> {
          if (!text.equals(word)) {
            Units.bytes(text);
          }
        });
  }

  /** The value as it is kept: without blanks around it, words in lower case. */
  String normal(String text) {
    String trimmed = text.trim();
    return caseMatters ? trimmed : trimmed.toLowerCase(Locale.ROOT);
  }

  private static void requirePatterns(String text) {
    for (String pattern : text.split(";", -1)) {
      require(pattern.trim().matches("[\\w$./-]*\\**"));
    }
  }

  private static void require(boolean right) {
    if (!right) {
      throw new IllegalArgumentException();
    }
  }
}

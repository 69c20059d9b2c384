package dev.tidepool.agent.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** The secret that allows changes over HTTP; absent unless the user named a file with one. */
public final class Token {
  /** No token: nothing can be changed over HTTP. */
  public static final Token NONE = new Token(new byte[0]);

  private static final String SCHEME = "Bearer ";

  private final byte[] secret;

  private Token(byte[] secret) {
    this.secret = secret;
  }

  /**
   * Reads the token from a file; blanks around it do not count.
   *
   * @throws IOException if it cannot be read or is empty
   */
  public static Token read(String file) throws IOException {
    byte[] secret = Files.readString(Path.of(file)).trim().getBytes(StandardCharsets.UTF_8);
    if (secret.length == 0) {
      throw new IOException(file + " is empty");
    }
    return new Token(secret);
  }

  boolean isSet() {
    return secret.length > 0;
  }

  boolean matches(HttpRequest request) {
    String given = request.header("authorization");
    return isSet()
        && given.startsWith(SCHEME)
        && MessageDigest.isEqual(
            given.substring(SCHEME.length()).trim().getBytes(StandardCharsets.UTF_8), secret);
  }
}

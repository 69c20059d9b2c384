package dev.tidepool.rewriting.gate;

/** Code whose buffers may hold keys and plain text: cleared when released, not when reused. */
public final class Secrets {
  private static final String[] PACKAGES = {
    "java/security/",
    "javax/crypto/",
    "javax/net/ssl/",
    "javax/security/",
    "sun/security/",
    "com/sun/crypto/",
    "com/sun/security/",
    "jdk/security/",
    "org/bouncycastle/",
    "org/spongycastle/",
    "org/conscrypt/",
    "com/google/crypto/",
    "com/amazon/corretto/crypto/",
    "org/wildfly/security/",
    "org/wildfly/openssl/",
    "org/jasypt/",
    "com/nimbusds/",
    "org/jose4j/",
    "io/jsonwebtoken/",
    "org/springframework/security/",
    "org/apache/wss4j/",
    "org/apache/xml/security/",
    "org/apache/shiro/crypto/"
  };

  private Secrets() {}

  /**
   * Whether a class's buffers are cleared at release.
   *
   * @param internalName of the class that holds the site
   */
  public static boolean mayHold(String internalName) {
    for (String secret : PACKAGES) {
      if (internalName.startsWith(secret)) {
        return true;
      }
    }
    // relocated copies keep the tail of their name
    return internalName.contains("/bouncycastle/") || internalName.contains("/crypto/");
  }
}

package dev.tidepool.tuning.levers;

/**
 * Values of flags that come from us though the VM names another origin: what was put back at the
 * end of an agent reads as set through management, what an argument file carries as set by the
 * command line. A system property remembers them, so that the next agent takes neither for a user's
 * wish.
 *
 * <p>Used before main: no lambda and no joined strings.
 */
public final class OwnFlags {
  /** {@code NAME:VALUE,NAME:VALUE}, values as the VM shows them. */
  public static final String PROPERTY = "dev.tidepool.flags";

  private OwnFlags() {}

  /** Whether this flag has this value from us. */
  public static boolean has(String name, String value) {
    for (String each : entries()) {
      if (isOf(each, name) && each.substring(name.length() + 1).equals(value)) {
        return true;
      }
    }
    return false;
  }

  /** Remembers a value that is about to be set; the last one counts. */
  public static synchronized void remember(String name, String value) {
    if (has(name, value)) {
      return;
    }
    StringBuilder all = new StringBuilder();
    for (String each : entries()) {
      if (!each.isEmpty() && !isOf(each, name)) {
        all.append(each).append(',');
      }
    }
    System.setProperty(PROPERTY, all.append(name).append(':').append(value).toString());
  }

  private static boolean isOf(String entry, String name) {
    return entry.length() > name.length()
        && entry.startsWith(name)
        && entry.charAt(name.length()) == ':';
  }

  private static String[] entries() {
    String all = System.getProperty(PROPERTY);
    return all == null ? new String[0] : all.split(",", -1);
  }
}

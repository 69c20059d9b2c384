package dev.tidepool.agent.boot;

import java.io.File;
import java.lang.reflect.InvocationTargetException;

/** Where {@code java -jar tidepool.jar} begins. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    int status;
    // the attach API belongs to the application loader, so here that one is the parent
    File jar = Premain.jarOfThisClass();
    try (AgentClassLoader loader = new AgentClassLoader(jar, ClassLoader.getSystemClassLoader())) {
      status =
          (int)
              loader
                  .loadClass("dev.tidepool.agent.cli.CommandLineMain")
                  .getMethod("run", File.class, String[].class)
                  .invoke(null, jar, arguments);
    } catch (InvocationTargetException fault) {
      System.err.println("tidepool: ".concat(String.valueOf(fault.getCause())));
      status = 1;
    }
    System.exit(status);
  }
}

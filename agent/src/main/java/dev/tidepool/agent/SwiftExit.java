package dev.tidepool.agent;

import dev.tidepool.agent.serve.Doors;

/** Has the agent's own thread keep nobody waiting when the virtual machine ends. */
final class SwiftExit implements AutoCloseable {
  private final Thread hook;

  private SwiftExit(Thread hook) {
    this.hook = hook;
  }

  static SwiftExit register(Doors doors) {
    Thread hook = new Thread(null, doors::lookOnly, "tidepool-exit", 0, false);
    hook.setContextClassLoader(null);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException ending) {
      doors.lookOnly();
    }
    return new SwiftExit(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // it runs already
    }
  }
}

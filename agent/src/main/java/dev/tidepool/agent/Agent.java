package dev.tidepool.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.function.Consumer;

/** The agent in its own class loader; {@link #run()} is the life of its main thread. */
public final class Agent implements Runnable, Consumer<String> {

  /**
   * @param jar the file this agent was loaded from
   * @param options {@code key=value,...} or null
   * @param attached whether the application was running already
   */
  public Agent(File jar, String options, Instrumentation instrumentation, boolean attached) {}

  @Override
  public void run() {}

  /** Told when the same agent is started a second time. */
  @Override
  public void accept(String options) {}
}

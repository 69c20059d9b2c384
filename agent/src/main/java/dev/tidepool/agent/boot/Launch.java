package dev.tidepool.agent.boot;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.function.Consumer;

/**
 * The agent's main thread: makes the agent's class loader, runs the agent in it, and closes the
 * loader when the agent has gone.
 */
final class Launch extends Thread {
  private static final String AGENT = "dev.tidepool.agent.Agent";

  private final File jar;
  private final String options;
  private final Instrumentation instrumentation;
  private Thread applicationMain;
  private volatile Consumer<String> agent;

  /**
   * @param applicationMain the thread about to run the main method, null on attach
   */
  Launch(File jar, String options, Instrumentation instrumentation, Thread applicationMain) {
    // no inherited thread locals: they would tie the application's objects to this thread
    super(null, null, "tidepool-main", 0, false);
    this.jar = jar;
    this.options = options;
    this.instrumentation = instrumentation;
    this.applicationMain = applicationMain;
    setDaemon(true);
    setContextClassLoader(null);
  }

  @Override
  public void run() {
    try (AgentClassLoader loader =
        new AgentClassLoader(jar, ClassLoader.getPlatformClassLoader())) {
      Object made =
          loader
              .loadClass(AGENT)
              .getConstructor(File.class, String.class, Instrumentation.class, Thread.class)
              .newInstance(jar, options, instrumentation, applicationMain);
      applicationMain = null;
      @SuppressWarnings("unchecked")
      Consumer<String> told = (Consumer<String>) made;
      agent = told;
      ((Runnable) made).run();
    } catch (IOException jarNotClosed) {
      // the jar was only read
    } catch (Throwable fault) {
      Premain.complain(fault);
    } finally {
      agent = null;
      leaveNoTrace();
    }
  }

  private void leaveNoTrace() {
    try {
      RecordCaches.forget();
    } catch (Throwable otherJdk) {
      // the classes stay until the JDK replaces what it remembers by itself
    }
    Premain.gone(this);
  }

  /** Tells the running agent that it was started once more. */
  void again(String moreOptions) {
    Consumer<String> running = agent;
    if (running != null) {
      running.accept(moreOptions);
    }
  }
}

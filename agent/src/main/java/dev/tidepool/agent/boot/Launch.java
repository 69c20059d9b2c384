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

  private static final String FIRST_MOMENTS = "dev.tidepool.agent.FirstMoments";

  private final AgentClassLoader loader;
  private final File jar;
  private final String options;
  private final Instrumentation instrumentation;
  private Thread applicationMain;
  private Object firstMoments;
  private volatile Consumer<String> agent;

  /**
   * @param applicationMain the thread about to run the main method, null on attach
   */
  Launch(File jar, String options, Instrumentation instrumentation, Thread applicationMain)
      throws IOException {
    // no inherited thread locals: they would tie the application's objects to this thread
    super(null, null, "tidepool-main", 0, false);
    this.jar = jar;
    this.options = options;
    this.instrumentation = instrumentation;
    this.applicationMain = applicationMain;
    setDaemon(true);
    setContextClassLoader(null);
    loader = new AgentClassLoader(jar, ClassLoader.getPlatformClassLoader());
  }

  /** What cannot wait for this thread to run; on the thread that is about to run main. */
  void firstMoments() throws ReflectiveOperationException {
    if (applicationMain != null) {
      firstMoments =
          loader.loadClass(FIRST_MOMENTS).getConstructor(String.class).newInstance(options);
    }
  }

  @Override
  public void run() {
    try (AgentClassLoader open = loader) {
      Object made =
          open.loadClass(AGENT)
              .getConstructor(
                  File.class,
                  String.class,
                  Instrumentation.class,
                  Thread.class,
                  open.loadClass(FIRST_MOMENTS))
              .newInstance(jar, options, instrumentation, applicationMain, firstMoments);
      applicationMain = null;
      firstMoments = null;
      @SuppressWarnings("unchecked")
      Consumer<String> told = (Consumer<String>) made;
      agent = told;
      ((Runnable) made).run();
    } catch (IOException jarNotClosed) {
      // the jar was only read
    } catch (Throwable fault) {
      if (firstMoments != null) {
        ((Runnable) firstMoments).run();
      }
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

package dev.tidepool.agent.live;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;
import javax.management.ObjectName;

/** Small applications for the agent to live in. */
final class Programs {
  private Programs() {}

  /** Says so and stays until it is ended. */
  static final class Idle {
    public static void main(String[] arguments) throws InterruptedException {
      System.out.println("up");
      new CountDownLatch(1).await();
    }
  }

  /** Ends before anything of the agent can be there. */
  static final class EndsAtOnce {
    public static void main(String[] arguments) {
      System.out.println("done");
      System.err.println("said so");
    }
  }

  /** Works for some seconds, then ends by returning from main. */
  static final class EndsLater {
    public static void main(String[] arguments) throws InterruptedException {
      System.out.println("begun");
      long sum = 0;
      for (int i = 0; i < 40; i++) {
        byte[] buffer = new byte[100_000 + i];
        buffer[i] = (byte) i;
        sum += buffer[i];
        Thread.sleep(100);
      }
      System.out.println("sum " + sum);
    }
  }

  /** Leaves by System.exit. */
  static final class Exits {
    public static void main(String[] arguments) {
      System.out.println("leaving");
      System.exit(Integer.parseInt(arguments[0]));
    }
  }

  /** Leaves by a fault. */
  static final class Throws {
    public static void main(String[] arguments) {
      System.out.println("about to fail");
      throw new IllegalStateException("as planned");
    }
  }

  /** Sets its log manager in the first line of main, as application servers do. */
  static final class OwnLogManager {
    /** Chosen by the program. */
    public static final class Manager extends LogManager {}

    public static void main(String[] arguments) throws InterruptedException {
      System.setProperty("java.util.logging.manager", Manager.class.getName());
      Thread.sleep(500);
      System.out.println(LogManager.getLogManager().getClass().getSimpleName());
      Thread.sleep(2000);
    }
  }

  /** Prints the flags named as they are in its first line, and again whenever they change. */
  static final class Flags {
    public static void main(String[] names) throws InterruptedException {
      var flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      String said = "";
      while (true) {
        StringBuilder now = new StringBuilder("up");
        for (String name : names) {
          now.append(' ').append(flags.getVMOption(name).getValue());
        }
        if (!now.toString().equals(said)) {
          said = now.toString();
          System.out.println(said);
        }
        Thread.sleep(20);
      }
    }
  }

  /** Prints the names and attribute counts of the agent's beans once they are there. */
  static final class Beans {
    public static void main(String[] arguments) throws Exception {
      var server = ManagementFactory.getPlatformMBeanServer();
      var names = new TreeSet<ObjectName>();
      while (names.size() < 5) {
        Thread.sleep(50);
        names = new TreeSet<>(server.queryNames(new ObjectName("dev.tidepool:*"), null));
      }
      for (ObjectName name : names) {
        int readable = 0;
        for (var attribute : server.getMBeanInfo(name).getAttributes()) {
          server.getAttribute(name, attribute.getName());
          readable++;
        }
        System.out.println(name + (readable > 0 ? " readable" : " empty"));
      }
      Object said =
          server.invoke(
              new ObjectName("dev.tidepool:type=Agent"),
              "set",
              new Object[] {"mode", "observe"},
              new String[] {String.class.getName(), String.class.getName()});
      System.out.println(said);
      server.invoke(new ObjectName("dev.tidepool:type=Agent"), "detach", null, null);
      while (!server.queryNames(new ObjectName("dev.tidepool:*"), null).isEmpty()) {
        Thread.sleep(20);
      }
      System.out.println("gone");
    }
  }
}

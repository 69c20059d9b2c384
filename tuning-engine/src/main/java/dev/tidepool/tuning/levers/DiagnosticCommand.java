package dev.tidepool.tuning.levers;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** Commands of {@code jcmd}, by way of the platform's MBean server, in this VM. */
public final class DiagnosticCommand {
  private DiagnosticCommand() {}

  /**
   * Runs a command.
   *
   * @param name as the MBean has it: {@code compilerDirectivesAdd} for Compiler.directives_add
   * @return what it prints
   * @throws JMException where this VM does not have it
   */
  public static String run(String name, String... arguments) throws JMException {
    boolean none = arguments.length == 0;
    return String.valueOf(
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                name,
                none ? new Object[0] : new Object[] {arguments},
                none ? new String[0] : new String[] {String[].class.getName()}));
  }
}

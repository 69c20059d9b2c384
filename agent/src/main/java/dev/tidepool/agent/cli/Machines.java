package dev.tidepool.agent.cli;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The virtual machines of this user on this computer, this one left out. */
final class Machines {
  private Machines() {}

  /**
   * One of them.
   *
   * @param name main class or jar
   * @param agent version of the agent in it, empty where there is none
   */
  record Machine(long pid, String name, String agent) {}

  static List<Machine> all() {
    List<Machine> machines = new ArrayList<>();
    for (VirtualMachineDescriptor descriptor : VirtualMachine.list()) {
      long pid = Long.parseLong(descriptor.id());
      if (pid != ProcessHandle.current().pid()) {
        Optional<String> agent = new ControlClient(new Target(pid)).version();
        machines.add(new Machine(pid, name(descriptor.displayName()), agent.orElse("")));
      }
    }
    machines.sort(Comparator.comparingLong(Machine::pid));
    return machines;
  }

  /** First word of the command: arguments may be long, and may be secret. */
  private static String name(String command) {
    int blank = command.indexOf(' ');
    String first = blank < 0 ? command : command.substring(0, blank);
    return first.isEmpty() ? "unknown" : first;
  }
}

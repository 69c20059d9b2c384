package dev.tidepool.tuning.levers;

import java.util.function.LongConsumer;

/**
 * One flag by its address. What stands there is compared with what the VM's own management bean
 * shows of the flag, when it is found and before and after each write.
 */
final class UnmanagedFlag implements LongConsumer {
  private final String name;
  private final VmFlags flags;
  private final VmMemory memory;
  private final long address;

  private UnmanagedFlag(String name, VmFlags flags, VmMemory memory, long address) {
    this.name = name;
    this.flags = flags;
    this.memory = memory;
    this.address = address;
  }

  /**
   * Finds it.
   *
   * @throws IllegalStateException with one line where it cannot be found or is not what is shown
   */
  static UnmanagedFlag find(String name, VmFlags flags, VmMemory memory) {
    long address = new VmTables(memory).addressOf(name);
    UnmanagedFlag flag = new UnmanagedFlag(name, flags, memory, address);
    flag.standing();
    return flag;
  }

  private long shown() {
    return flags.read(name).map(VmFlags.Flag::number).orElse(-1L);
  }

  private long standing() {
    long value = memory.longAt(address);
    if (value != shown()) {
      throw new IllegalStateException(
          name + " reads " + value + " by its address but is shown as " + shown());
    }
    return value;
  }

  @Override
  public void accept(long value) {
    long before = standing();
    memory.put(address, value);
    long after = shown();
    if (after != value) {
      memory.put(address, before);
      throw new IllegalStateException(
          name + " was written as " + value + " but is shown as " + after + ": put back");
    }
  }
}

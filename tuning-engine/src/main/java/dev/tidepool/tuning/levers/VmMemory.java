package dev.tidepool.tuning.levers;

/**
 * Memory of this VM by its address, and where the VM's library exports a symbol. Nothing here
 * checks: who reads at an address that is none ends the process.
 */
interface VmMemory {
  /** Address of an exported symbol, 0 where there is none of that name. */
  long symbol(String name);

  byte byteAt(long address);

  int intAt(long address);

  long longAt(long address);

  /** Writes eight bytes at once. */
  void put(long address, long value);
}

package dev.tidepool.tuning.levers;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Memory with tables as HotSpot exports them, and the flag as its bean shows it. Where a real VM
 * would be gone with a segmentation fault this one throws an error that nobody catches.
 */
final class FakeVm implements VmMemory, VmFlags {
  private static final long BASE = 0x7f00_0000_0000L;
  private static final long STRIDE = 48;

  final Map<String, Long> symbols = new LinkedHashMap<>();

  /** Addresses of all the words that were laid down. */
  final List<Long> words = new ArrayList<>();

  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 14).order(LITTLE_ENDIAN);
  private long end = BASE;
  long delayAddress;
  boolean userSet;
  String uncommit = "true";

  /** What is shown of the flag whatever was written, 0 to show what is there. */
  long shown;

  int puts;

  FakeVm() {
    long name = text("ZUncommitDelay");
    delayAddress = word(300);
    long other = text("ZUncommit");
    long flags = end;
    flag(other, delayAddress, 0);
    flag(name, delayAddress, 4);
    long flagsAt = word(flags);
    long numFlags = word(2);
    export("gHotSpotVMStructEntryTypeNameOffset", 0);
    export("gHotSpotVMStructEntryFieldNameOffset", 8);
    export("gHotSpotVMStructEntryIsStaticOffset", 24);
    export("gHotSpotVMStructEntryOffsetOffset", 32);
    export("gHotSpotVMStructEntryAddressOffset", 40);
    export("gHotSpotVMStructEntryArrayStride", STRIDE);
    long flag = text("JVMFlag");
    long foreign = text("JVMFlags");
    List<long[]> fields =
        List.of(
            new long[] {foreign, text("_name"), 0, 99, 0},
            new long[] {flag, text("_name"), 0, 8, 0},
            new long[] {flag, text("_addr"), 0, 0, 0},
            new long[] {flag, text("_type"), 0, 20, 0},
            new long[] {flag, text("flags"), 1, 0, flagsAt},
            new long[] {flag, text("numFlags"), 1, 0, numFlags});
    long structs = end;
    fields.forEach(f -> entry(f[0], f[1], 0, f[2], f[3], f[4]));
    entry(0, 0, 0, 0, 0, 0);
    export("gHotSpotVMStructs", structs);
    export("gHotSpotVMTypeEntryTypeNameOffset", 0);
    export("gHotSpotVMTypeEntrySizeOffset", 32);
    export("gHotSpotVMTypeEntryArrayStride", STRIDE);
    long uintx = text("uintx");
    long types = end;
    entry(uintx, 0, 0, 0, 8, 0);
    entry(flag, 0, 0, 0, 24, 0);
    entry(0, 0, 0, 0, 0, 0);
    export("gHotSpotVMTypes", types);
  }

  private void entry(long... values) {
    for (long value : values) {
      word(value);
    }
  }

  private void flag(long name, long address, int type) {
    word(address);
    word(name);
    word((long) type << 32); // _flags, then _type
  }

  private void export(String symbol, long value) {
    symbols.put(symbol, word(value));
  }

  private long word(long value) {
    long at = end;
    bytes.putLong((int) (at - BASE), value);
    words.add(at);
    end += 8;
    return at;
  }

  private long text(String text) {
    long at = end;
    bytes.put((int) (at - BASE), (text + "\0").getBytes(ISO_8859_1));
    end += (text.length() + 8L) / 8 * 8;
    return at;
  }

  void set(long address, long value) {
    bytes.putLong((int) (address - BASE), value);
  }

  private int at(long address, int length) {
    if (address < BASE || address + length > end) {
      throw new AssertionError("a real VM had ended: " + Long.toHexString(address));
    }
    return (int) (address - BASE);
  }

  @Override
  public long symbol(String name) {
    return symbols.getOrDefault(name, 0L);
  }

  @Override
  public byte byteAt(long address) {
    return bytes.get(at(address, 1));
  }

  @Override
  public int intAt(long address) {
    return bytes.getInt(at(address, 4));
  }

  @Override
  public long longAt(long address) {
    return bytes.getLong(at(address, 8));
  }

  @Override
  public void put(long address, long value) {
    puts++;
    bytes.putLong(at(address, 8), value);
  }

  @Override
  public Optional<Flag> read(String name) {
    return switch (name) {
      case "ZUncommitDelay" -> {
        long value = shown == 0 ? longAt(delayAddress) : shown;
        yield Optional.of(new Flag(name, Long.toString(value), false, userSet));
      }
      case "ZUncommit" -> Optional.of(new Flag(name, uncommit, false, false));
      default -> Optional.empty();
    };
  }

  @Override
  public void set(String name, String value) {
    throw new IllegalArgumentException(name + " is not manageable");
  }
}

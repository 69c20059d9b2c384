package dev.tidepool.tuning.levers;

/**
 * Finds a flag of the VM through the tables that HotSpot exports of its own structures. They
 * describe themselves: where a field of an entry lies, how far apart entries are and how large a
 * type is are exported symbols too. The serviceability agent ({@code jhsdb}) reads flags this way.
 *
 * <p>A wrong address is not an exception but the end of the process. So no pointer is followed
 * before it was found not to be 0 and to be aligned, every offset must lie inside its entry, and
 * every table ends at its own end or after far more entries than a VM has.
 */
final class VmTables {
  /** HotSpot of 17 has 788 entries and 1270 flags, of 25 585 and 1289. */
  private static final int MOST_ENTRIES = 20_000;

  private static final long LARGEST_ENTRY = 1_024;
  private static final int WORD = Long.BYTES;

  /** {@code uintx} in the order of types that VM and serviceability agent share. */
  private static final int TYPE_UINTX = 4;

  private static final String FLAG = "JVMFlag";
  private static final String STRUCT = "gHotSpotVMStructEntry";
  private static final String TYPE = "gHotSpotVMTypeEntry";

  private final VmMemory memory;

  // Of JVMFlag: offsets in one flag, and addresses of where the list of flags and its length are.
  private long nameOffset = -1;
  private long addressOffset = -1;
  private long typeOffset = -1;
  private long flags;
  private long numFlags;

  VmTables(VmMemory memory) {
    this.memory = memory;
  }

  /**
   * Address of the eight bytes of a flag of type {@code uintx}.
   *
   * @throws IllegalStateException with one line where the tables do not lead there
   */
  long addressOf(String flag) {
    readFields();
    if (sizeOf("uintx") != WORD) {
      throw strange("uintx has not eight bytes");
    }
    long size = sizeOf(FLAG);
    check(size > 0 && size <= LARGEST_ENTRY && size % WORD == 0, "the size of " + FLAG);
    checkField(nameOffset, size, WORD, "_name");
    checkField(addressOffset, size, WORD, "_addr");
    checkField(typeOffset, size, Integer.BYTES, "_type");
    long count = word(numFlags, "JVMFlag::numFlags");
    check(count > 0 && count <= MOST_ENTRIES, "JVMFlag::numFlags");
    long first = word(flags, "JVMFlag::flags");
    checkPointer(first, "JVMFlag::flags");
    for (int i = 0; i < count; i++) {
      long each = first + i * size;
      if (isText(word(each + nameOffset, "a flag"), flag)) {
        check(memory.intAt(each + typeOffset) == TYPE_UINTX, "the type of " + flag);
        long address = word(each + addressOffset, flag);
        checkPointer(address, flag);
        return address;
      }
    }
    throw strange(flag + " is not among the flags");
  }

  private void readFields() {
    long stride = stride(STRUCT + "ArrayStride");
    long type = offset(STRUCT + "TypeNameOffset", stride, WORD);
    long field = offset(STRUCT + "FieldNameOffset", stride, WORD);
    long isStatic = offset(STRUCT + "IsStaticOffset", stride, Integer.BYTES);
    long offset = offset(STRUCT + "OffsetOffset", stride, WORD);
    long address = offset(STRUCT + "AddressOffset", stride, WORD);
    long entry = exported("gHotSpotVMStructs");
    checkPointer(entry, "gHotSpotVMStructs");
    for (int i = 0; i < MOST_ENTRIES; i++, entry += stride) {
      long name = memory.longAt(entry + field);
      if (name == 0 || memory.longAt(entry + type) == 0) {
        return;
      }
      if (isText(memory.longAt(entry + type), FLAG)) {
        boolean shared = memory.intAt(entry + isStatic) != 0;
        take(name, memory.longAt(entry + (shared ? address : offset)), shared);
      }
    }
    throw strange("gHotSpotVMStructs has no end");
  }

  private void take(long name, long place, boolean shared) {
    if (shared) {
      flags = isText(name, "flags") ? place : flags;
      numFlags = isText(name, "numFlags") ? place : numFlags;
    } else {
      nameOffset = isText(name, "_name") ? place : nameOffset;
      addressOffset = isText(name, "_addr") ? place : addressOffset;
      typeOffset = isText(name, "_type") ? place : typeOffset;
    }
  }

  private long sizeOf(String type) {
    long stride = stride(TYPE + "ArrayStride");
    long name = offset(TYPE + "TypeNameOffset", stride, WORD);
    long size = offset(TYPE + "SizeOffset", stride, WORD);
    long entry = exported("gHotSpotVMTypes");
    checkPointer(entry, "gHotSpotVMTypes");
    for (int i = 0; i < MOST_ENTRIES; i++, entry += stride) {
      long text = memory.longAt(entry + name);
      if (text == 0) {
        throw strange(type + " is not among the types");
      }
      if (isText(text, type)) {
        return memory.longAt(entry + size);
      }
    }
    throw strange("gHotSpotVMTypes has no end");
  }

  private long stride(String symbol) {
    long stride = exported(symbol);
    check(stride >= WORD && stride <= LARGEST_ENTRY && stride % WORD == 0, symbol);
    return stride;
  }

  private long offset(String symbol, long stride, int bytes) {
    long offset = exported(symbol);
    check(offset >= 0 && offset <= stride - bytes && offset % bytes == 0, symbol);
    return offset;
  }

  private long exported(String symbol) {
    long at = memory.symbol(symbol);
    if (at == 0) {
      throw strange("it does not export " + symbol);
    }
    checkPointer(at, symbol);
    return memory.longAt(at);
  }

  private long word(long at, String what) {
    checkPointer(at, what);
    return memory.longAt(at);
  }

  /** Whether this text, up to its end, is at the address; reads no further than the first other. */
  private boolean isText(long at, String text) {
    if (at == 0) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (memory.byteAt(at + i) != text.charAt(i)) {
        return false;
      }
    }
    return memory.byteAt(at + text.length()) == 0;
  }

  private static void checkField(long offset, long size, int bytes, String what) {
    check(offset >= 0 && offset <= size - bytes && offset % bytes == 0, FLAG + "::" + what);
  }

  private static void checkPointer(long pointer, String what) {
    check(pointer != 0 && pointer % WORD == 0, what);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw strange(what + " is not as expected");
    }
  }

  private static IllegalStateException strange(String what) {
    return new IllegalStateException("the VM's tables do not show it: " + what);
  }
}

package dev.tidepool.tuning.levers;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.function.Consumer;

/**
 * Memory of this VM through {@code jdk.internal.misc.Unsafe}, symbols through the libraries that
 * the boot loader has loaded: each of them depends on the VM's own, so they find its symbols.
 * {@code sun.misc.Unsafe} would warn on standard error from 24 on.
 */
final class HotSpotMemory implements VmMemory {
  private final MethodHandle find;
  private final MethodHandle getByte;
  private final MethodHandle getInt;
  private final MethodHandle getLong;
  private final MethodHandle putLong;

  private HotSpotMemory(MethodHandles.Lookup lookup, Object unsafe, MethodHandle find)
      throws ReflectiveOperationException {
    this.find = find;
    Class<?> type = unsafe.getClass();
    getByte = method(lookup, type, "getByte", byte.class).bindTo(unsafe);
    getInt = method(lookup, type, "getInt", int.class).bindTo(unsafe);
    getLong = method(lookup, type, "getLong", long.class).bindTo(unsafe);
    putLong =
        lookup
            .findVirtual(type, "putLong", MethodType.methodType(void.class, long.class, long.class))
            .bindTo(unsafe);
  }

  private static MethodHandle method(
      MethodHandles.Lookup lookup, Class<?> type, String name, Class<?> result)
      throws ReflectiveOperationException {
    return lookup.findVirtual(type, name, MethodType.methodType(result, long.class));
  }

  /**
   * Looks up what is needed.
   *
   * @param opener opens the package of a class to this module
   * @throws ReflectiveOperationException where this JDK is another
   */
  static VmMemory open(Consumer<Class<?>> opener) throws ReflectiveOperationException {
    Class<?> unsafe = opened("jdk.internal.misc.Unsafe", opener);
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    MethodHandles.Lookup inUnsafe = MethodHandles.privateLookupIn(unsafe, MethodHandles.lookup());
    Class<?> boot = opened("jdk.internal.loader.BootLoader", opener);
    Class<?> libraries = opened("jdk.internal.loader.NativeLibraries", opener);
    MethodHandles.Lookup inLoader = MethodHandles.privateLookupIn(boot, MethodHandles.lookup());
    MethodHandle find =
        inLoader.findVirtual(libraries, "find", MethodType.methodType(long.class, String.class));
    MethodHandle all =
        inLoader.findStatic(boot, "getNativeLibraries", MethodType.methodType(libraries));
    try {
      return new HotSpotMemory(inUnsafe, instance.get(null), find.bindTo(all.invoke()));
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  private static Class<?> opened(String name, Consumer<Class<?>> opener)
      throws ReflectiveOperationException {
    Class<?> type = Class.forName(name, false, null);
    opener.accept(type);
    return type;
  }

  @Override
  public long symbol(String name) {
    try {
      return (long) find.invokeExact(name);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public byte byteAt(long address) {
    try {
      return (byte) getByte.invokeExact(address);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public int intAt(long address) {
    try {
      return (int) getInt.invokeExact(address);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public long longAt(long address) {
    try {
      return (long) getLong.invokeExact(address);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  @Override
  public void put(long address, long value) {
    try {
      putLong.invokeExact(address, value);
    } catch (Throwable e) {
      throw thrown(e);
    }
  }

  private static IllegalStateException thrown(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }
}

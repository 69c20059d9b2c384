package dev.tidepool.rewriting.gate;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Puts the gate where every class sees it. The way through {@code java.lang} keeps class-data
 * sharing and prints nothing; where it is barred, a jar on the boot loader's search path does, at
 * the price of both.
 */
public final class GateInstall {
  /** Internal name of the gate in {@code java.lang}. */
  public static final String GATE_NAME = "java/lang/TidepoolGate";

  /** Its name on the boot loader's search path, where no class of a JDK package is looked for. */
  public static final String APPENDED_NAME = "tidepool/boot/TidepoolGate";

  private static final String SOURCE_NAME = "dev/tidepool/rewriting/gate/Gate";

  private GateInstall() {}

  /** How the gate got where it is. */
  public enum Way {
    JAVA_LANG,
    BOOT_APPEND
  }

  /**
   * The gate in place.
   *
   * @param type the class that rewritten code calls
   * @param way how it was defined
   * @param fresh false where an earlier load of an agent had defined it
   */
  public record Installed(Class<?> type, Way way, boolean fresh) {
    /** Name to be used in rewritten code. */
    public String internalName() {
      return type.getName().replace('.', '/');
    }
  }

  /**
   * Defines the gate, or finds the one defined before.
   *
   * @throws IllegalStateException if a gate of another ABI is there, or neither way is open; the
   *     message is for people
   */
  public static Installed install(Instrumentation instrumentation) {
    Installed present = present();
    if (present != null) {
      return checked(present);
    }
    byte[] source = source();
    try {
      return checked(new Installed(defineInJavaLang(instrumentation, source), Way.JAVA_LANG, true));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError barred) {
      Installed raced = present();
      return checked(raced != null ? raced : append(instrumentation, source, barred));
    }
  }

  private static Installed present() {
    for (Way way : Way.values()) {
      try {
        Class<?> gate = Class.forName(name(way).replace('/', '.'), true, null);
        return new Installed(gate, way, false);
      } catch (ClassNotFoundException absent) {
        // the other way, or not yet
      }
    }
    return null;
  }

  private static String name(Way way) {
    return way == Way.JAVA_LANG ? GATE_NAME : APPENDED_NAME;
  }

  private static Installed checked(Installed gate) {
    int abi;
    try {
      abi = gate.type().getField("ABI").getInt(null);
    } catch (ReflectiveOperationException strange) {
      abi = -1;
    }
    if (abi != Gate.ABI) {
      throw new IllegalStateException(
          "another version of the agent left a gate of ABI "
              + abi
              + " in this JVM, this one needs "
              + Gate.ABI
              + ": restart the JVM");
    }
    return gate;
  }

  private static Class<?> defineInJavaLang(Instrumentation instrumentation, byte[] source)
      throws IllegalAccessException {
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang", Set.of(GateInstall.class.getModule())),
        Set.of(),
        Map.of());
    return MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup())
        .defineClass(ConstantPool.renamed(source, SOURCE_NAME, GATE_NAME));
  }

  private static Installed append(
      Instrumentation instrumentation, byte[] source, Throwable whyNotInJavaLang) {
    try {
      File jar = File.createTempFile("tidepool-gate", ".jar");
      jar.deleteOnExit();
      write(jar, ConstantPool.renamed(source, SOURCE_NAME, APPENDED_NAME));
      instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(jar));
      Class<?> gate = Class.forName(APPENDED_NAME.replace('/', '.'), true, null);
      return new Installed(gate, Way.BOOT_APPEND, true);
    } catch (IOException | ClassNotFoundException | RuntimeException closed) {
      IllegalStateException neither =
          new IllegalStateException(
              "the gate can be defined neither in java.lang ("
                  + whyNotInJavaLang
                  + ") nor on the boot search path ("
                  + closed
                  + ")",
              closed);
      neither.addSuppressed(whyNotInJavaLang);
      throw neither;
    }
  }

  private static void write(File jar, byte[] classFile) throws IOException {
    // stored, not deflated: an agent's start should not load a compressor
    CRC32 crc = new CRC32();
    crc.update(classFile);
    ZipEntry entry = new ZipEntry(APPENDED_NAME + ".class");
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(classFile.length);
    entry.setCrc(crc.getValue());
    try (ZipOutputStream out = new ZipOutputStream(new FileOutputStream(jar))) {
      out.putNextEntry(entry);
      out.write(classFile);
      out.closeEntry();
    }
  }

  private static byte[] source() {
    try (InputStream in = GateInstall.class.getResourceAsStream("Gate.class")) {
      if (in == null) {
        throw new IllegalStateException("the agent's jar lacks Gate.class");
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
      in.transferTo(bytes);
      return bytes.toByteArray();
    } catch (IOException unreadable) {
      throw new IllegalStateException("the agent's jar cannot be read: " + unreadable, unreadable);
    }
  }
}

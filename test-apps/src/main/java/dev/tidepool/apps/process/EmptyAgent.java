package dev.tidepool.apps.process;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;

/** An agent that sees every class and changes none: what the virtual machine takes for any. */
public final class EmptyAgent implements ClassFileTransformer {
  private EmptyAgent() {}

  public static void premain(String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(new EmptyAgent(), true);
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] file) {
    return null;
  }
}

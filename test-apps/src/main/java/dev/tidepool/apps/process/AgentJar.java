package dev.tidepool.apps.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes an agent of a class that is on the class path already. */
public final class AgentJar {
  private AgentJar() {}

  /** Writes a jar that names the class and holds nothing. */
  public static void pack(Path jar, Class<?> premain) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(new Attributes.Name("Premain-Class"), premain.getName());
    main.put(new Attributes.Name("Can-Retransform-Classes"), "true");
    try (OutputStream file = Files.newOutputStream(jar)) {
      new JarOutputStream(file, manifest).close();
    }
  }
}

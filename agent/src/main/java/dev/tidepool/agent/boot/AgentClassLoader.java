package dev.tidepool.agent.boot;

import java.io.Closeable;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.AllPermission;
import java.security.CodeSource;
import java.security.Permissions;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Loads the agent from the inner folder of its jar, beside the application and not below it: the
 * parent is the platform loader, so neither side can see or disturb the other's libraries.
 */
final class AgentClassLoader extends ClassLoader implements Closeable {
  static final String INNER = "dev/tidepool/inner/";

  static {
    registerAsParallelCapable();
  }

  private final ZipFile jar;
  private final ProtectionDomain domain;

  /**
   * A loader for one jar.
   *
   * @throws IOException if the jar cannot be read
   */
  AgentClassLoader(File file, ClassLoader parent) throws IOException {
    super("tidepool", parent);
    this.jar = new ZipFile(file);
    CodeSource source = new CodeSource(file.toURI().toURL(), (Certificate[]) null);
    Permissions all = new Permissions();
    all.add(new AllPermission());
    // a domain that does not name its loader: threads that the JDK starts on the agent's behalf
    // keep the domains of their birth, and would keep the loader after a detach
    this.domain = new ProtectionDomain(source, all);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("dev.tidepool.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : findClass(name);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] code = read(INNER.concat(name.replace('.', '/')).concat(".classdata"));
    if (code == null) {
      throw new ClassNotFoundException(name);
    }
    int dot = name.lastIndexOf('.');
    if (dot > 0 && getDefinedPackage(name.substring(0, dot)) == null) {
      try {
        definePackage(name.substring(0, dot), null, null, null, null, null, null, null);
      } catch (IllegalArgumentException raced) {
        // another thread defined it between the question and the definition
      }
    }
    return defineClass(name, code, 0, code.length, domain);
  }

  private byte[] read(String entryName) {
    ZipEntry entry = jar.getEntry(entryName);
    if (entry == null) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return read(in, (int) entry.getSize());
    } catch (IOException unreadable) {
      return null;
    }
  }

  /**
   * Reads without the stream's own loops: those may be rewritten, and what they ask then may be a
   * class that is just being read here.
   */
  private static byte[] read(InputStream in, int size) throws IOException {
    byte[] bytes = new byte[size];
    for (int at = 0; at < size; ) {
      int count = in.read(bytes, at, size - at);
      if (count < 0) {
        throw new EOFException();
      }
      at += count;
    }
    return bytes;
  }

  @Override
  protected URL findResource(String name) {
    // a class asked for as a file (the gate's own) lies under its hidden name
    ZipEntry entry = jar.getEntry(INNER.concat(name.endsWith(".class") ? name + "data" : name));
    if (entry == null) {
      return null;
    }
    try {
      return new URL("tidepool", null, -1, name, new InnerHandler(jar, entry));
    } catch (IOException malformed) {
      return null;
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL url = findResource(name);
    return url == null
        ? Collections.emptyEnumeration()
        : Collections.enumeration(Collections.singleton(url));
  }

  /** Closes the jar; classes not loaded by now never will be. */
  @Override
  public void close() throws IOException {
    jar.close();
  }

  /** Opens one entry straight from the loader's own file: no shared cache keeps the jar open. */
  private static final class InnerHandler extends URLStreamHandler {
    private final ZipFile jar;
    private final ZipEntry entry;

    InnerHandler(ZipFile jar, ZipEntry entry) {
      this.jar = jar;
      this.entry = entry;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {
          // nothing to connect to
        }

        @Override
        public InputStream getInputStream() throws IOException {
          return jar.getInputStream(entry);
        }
      };
    }
  }
}

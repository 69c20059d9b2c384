package sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Runs work whose classes come from a loader of their own until there is a file of the name it is
 * given, then lets go of both and says when the loader is gone: what a server does that deploys an
 * application again.
 */
public final class Redeployed {
  private Redeployed() {}

  /** The application: a buffer that goes through its own streams, and an owner of an array. */
  public static final class Work implements Runnable {
    private static int own(int seed) {
      Owner owner = new Owner(16_384);
      for (int i = 0; i < 100; i++) {
        owner.put(seed + i);
      }
      return owner.last();
    }

    @Override
    public void run() {
      try {
        if (Copies.copy(new Source(200_000), new Sink()) != 200_000 || own(1) != 100) {
          throw new AssertionError("not what was put");
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static final class Owner {
    private final byte[] bytes;
    private int size;

    Owner(int length) {
      bytes = new byte[length];
    }

    void put(int one) {
      bytes[size++] = (byte) one;
    }

    int last() {
      return bytes[size - 1];
    }
  }

  private static final class Source extends InputStream {
    private int left;

    Source(int length) {
      left = length;
    }

    @Override
    public int read() {
      return left-- > 0 ? 1 : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      int count = Math.min(length, left);
      Arrays.fill(bytes, offset, offset + count, (byte) 1);
      left -= count;
      return count;
    }
  }

  private static final class Sink extends OutputStream {
    @Override
    public void write(int one) {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (bytes[offset] != 1 || bytes[offset + length - 1] != 1) {
        throw new AssertionError("not what was read");
      }
    }
  }

  private static WeakReference<ClassLoader> deploy(Path until) throws Exception {
    URL[] here = {Redeployed.class.getProtectionDomain().getCodeSource().getLocation()};
    try (URLClassLoader loader = new URLClassLoader(here, null)) {
      Runnable work =
          (Runnable)
              loader.loadClass("sample.Redeployed$Work").getDeclaredConstructor().newInstance();
      while (!Files.exists(until)) {
        for (int i = 0; i < 50; i++) {
          work.run();
        }
        Thread.sleep(10);
      }
      return new WeakReference<>(loader);
    }
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println("up");
    WeakReference<ClassLoader> loader = deploy(Path.of(arguments[0]));
    while (loader.get() != null) {
      System.gc();
      Thread.sleep(200);
    }
    System.out.println("gone");
    Thread.sleep(600_000);
  }
}

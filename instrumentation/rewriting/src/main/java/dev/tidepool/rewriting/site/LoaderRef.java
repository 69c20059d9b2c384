package dev.tidepool.rewriting.site;

import java.lang.ref.WeakReference;

/** A class loader by identity, weakly held; {@link #BOOT} stands for the boot loader. */
public final class LoaderRef {
  public static final LoaderRef BOOT = new LoaderRef(null);

  private final WeakReference<ClassLoader> loader;
  private final int hash;

  private LoaderRef(ClassLoader loader) {
    this.loader = loader == null ? null : new WeakReference<>(loader);
    this.hash = System.identityHashCode(loader);
  }

  public static LoaderRef of(ClassLoader loader) {
    return loader == null ? BOOT : new LoaderRef(loader);
  }

  public boolean isBoot() {
    return loader == null;
  }

  /** Whether it is one of the two that have classes of the JDK alone. */
  public boolean isOfJdk() {
    return isBoot() || get() == ClassLoader.getPlatformClassLoader();
  }

  /** The loader, or null where it is the boot loader or has been collected. */
  public ClassLoader get() {
    return loader == null ? null : loader.get();
  }

  /** Two references are equal while the loader they name is alive and the same. */
  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof LoaderRef that) || isBoot() || that.isBoot()) {
      return false;
    }
    ClassLoader mine = get();
    return mine != null && mine == that.get();
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    ClassLoader alive = get();
    return isBoot() ? "boot" : alive == null ? "unloaded" : alive.getClass().getName();
  }
}

package dev.tidepool.rewriting.site;

/**
 * One class as the virtual machine knows it: a name and the loader that defined it.
 *
 * @param name internal name, {@code java/io/InputStream}
 * @param loader identity of the defining loader: the {@link ClassLoader} itself behind {@link
 *     LoaderRef}, so that naming a class never keeps it alive
 */
public record TypeRef(String name, LoaderRef loader) {

  /** Name as programmers write it: {@code java.io.InputStream}. */
  public String sourceName() {
    return name.replace('/', '.');
  }

  @Override
  public String toString() {
    return sourceName();
  }
}

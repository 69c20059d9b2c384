package dev.tidepool.rewriting.site;

/**
 * A method of one class version.
 *
 * @param descriptor as in the class file: {@code (Ljava/io/OutputStream;)J}
 */
public record MethodKey(TypeRef owner, String name, String descriptor) {

  @Override
  public String toString() {
    return owner.sourceName() + "." + name + descriptor;
  }
}

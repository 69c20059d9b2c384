package dev.tidepool.rewriting.site;

/**
 * What a proof rests on; when it breaks, the site is invalid before the breaking class is defined.
 */
public sealed interface Dependency {

  TypeRef type();

  /**
   * The analysed code of this class: broken when the class is redefined or retransformed by others.
   */
  record Body(TypeRef type) implements Dependency {}

  /**
   * The set of loaded classes below {@code type} that decide what a call of this method may run:
   * broken when another subtype loads, unless it neither declares the method nor inherits it from
   * an interface.
   */
  record Overrides(TypeRef type, String name, String descriptor) implements Dependency {
    private static final String ANY = "*";

    /** Broken when any class loads below the type, whatever it declares. */
    public static Overrides any(TypeRef type) {
      return new Overrides(type, ANY, "");
    }

    /** Broken when any class loads that names a method of this descriptor. */
    public static Overrides naming(String descriptor) {
      return any(new TypeRef(descriptor, LoaderRef.BOOT));
    }

    /** Whether no class below the type may load, whatever it declares. */
    public boolean any() {
      return name.equals(ANY);
    }
  }
}

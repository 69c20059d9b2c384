package dev.tidepool.rewriting.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldReaderTest {
  /** What is read. */
  static final class Holder {
    private final byte[] bytes = {1, 2};
  }

  @Test
  void readsWhatIsThere() throws Exception {
    Holder holder = new Holder();
    FieldReader reader = FieldReader.of(Holder.class, "bytes", byte[].class);
    for (int i = 0; i < 5; i++) {
      System.gc();
      assertThat(reader.read(holder)).isSameAs(holder.bytes);
    }
  }

  @Test
  void readsNothingOnceClosed() throws Exception {
    Holder holder = new Holder();
    FieldReader reader = FieldReader.of(Holder.class, "bytes", byte[].class);
    reader.close();
    for (int i = 0; i < 100 && reader.read(holder) != null; i++) {
      System.gc();
    }
    assertThat(reader.read(holder)).isNull();
  }

  private static FieldReader ofAnotherLoader(List<WeakReference<ClassLoader>> known)
      throws Exception {
    URL[] here = {FieldReaderTest.class.getProtectionDomain().getCodeSource().getLocation()};
    try (URLClassLoader loader = new URLClassLoader(here, null)) {
      Class<?> type = loader.loadClass(Holder.class.getName());
      assertThat(type).isNotSameAs(Holder.class);
      known.add(new WeakReference<>(loader));
      return FieldReader.of(type, "bytes", byte[].class);
    }
  }

  @Test
  void doesNotKeepTheClass() throws Exception {
    List<WeakReference<ClassLoader>> known = new ArrayList<>();
    FieldReader reader = ofAnotherLoader(known);
    for (int i = 0; i < 100 && known.get(0).get() != null; i++) {
      System.gc();
    }
    assertThat(known.get(0).get()).isNull();
    assertThat(reader.read(new Object())).isNull();
  }
}

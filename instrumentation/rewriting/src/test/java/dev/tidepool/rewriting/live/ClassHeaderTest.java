package dev.tidepool.rewriting.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

class ClassHeaderTest {
  @ParameterizedTest
  @ValueSource(
      classes = {
        Object.class,
        String.class,
        ArrayList.class,
        Runnable.class,
        Math.class,
        ClassHeader.class
      })
  void readsWhatReflectionTells(Class<?> type) throws IOException {
    ClassHeader header = ClassHeader.read(file(type));
    List<Class<?>> supers = new ArrayList<>();
    if (type.isInterface()) {
      supers.add(Object.class);
    } else if (type.getSuperclass() != null) {
      supers.add(type.getSuperclass());
    }
    supers.addAll(List.of(type.getInterfaces()));
    assertThat(header.name()).isEqualTo(ClassHeader.hash(type.getName()));
    assertThat(LongStream.of(header.supers()).boxed())
        .containsExactlyElementsOf(
            supers.stream().map(each -> ClassHeader.hash(each.getName())).toList());
    assertThat(header.isFinal()).isEqualTo(Modifier.isFinal(type.getModifiers()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plain/Name", "\u00e4\u00df/Umlaut", "\u65e5\u672c/\u8a9e", "x/\ud83d\ude00"})
  void hashesNamesAsTheClassFileWritesThem(String name) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_SUPER, name, null, "java/lang/Object", null);
    assertThat(ClassHeader.read(writer.toByteArray()).name()).isEqualTo(ClassHeader.hash(name));
  }

  @Test
  void givesUpOnWhatIsNoClassFile() throws IOException {
    byte[] whole = file(String.class);
    for (int length = 0; length < 400; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThat(ClassHeader.read(cut)).isNull();
    }
    whole[0] = 0;
    assertThat(ClassHeader.read(whole)).isNull();
  }

  private static byte[] file(Class<?> type) throws IOException {
    String name = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}

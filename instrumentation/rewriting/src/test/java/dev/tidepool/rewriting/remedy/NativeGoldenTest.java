package dev.tidepool.rewriting.remedy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.code.ClassCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceMethodVisitor;

/**
 * The JDK's own code for native memory before and after, as files to be read and reviewed; that
 * other JDKs have it the same way is tried in real virtual machines.
 */
class NativeGoldenTest {

  static Stream<Arguments> places() {
    return NativePlaces.all().stream()
        .flatMap(all -> all.places().stream().map(place -> Arguments.of(all, place)));
  }

  @ParameterizedTest
  @MethodSource("places")
  @EnabledForJreRange(min = JRE.JAVA_17, max = JRE.JAVA_17)
  void rewrittenBytecodeIsAsReviewed(NativePlaces all, NativePlaces.Place place) throws Exception {
    byte[] before = bytes(place.type());
    int ordinal = place.ordinal(ClassCode.read(before));
    SitePlan plan =
        new SitePlan(1234, place.method(), place.descriptor(), ordinal, all.remedy(place.step()));
    RewrittenClass after = new ClassRewriter().rewrite(before, List.of(plan));
    assertThat(after.refused()).isEmpty();
    String text = text(before, place) + "\n=== becomes\n\n" + text(after.classFile(), place);
    String file = place.type().replaceAll(".*/", "").replace('$', '.') + "." + place.method();
    Path golden = Path.of("src/test/resources/golden/native", file.replaceAll("[<>]", "") + ".txt");
    if ("write".equals(System.getProperty("tidepool.golden"))) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, text);
    }
    assertThat(text).isEqualTo(Files.readString(golden));
  }

  /** Code that is laid out otherwise is left alone: here, the wrong instruction is named. */
  @ParameterizedTest
  @MethodSource("places")
  void unknownCodeIsRefused(NativePlaces all, NativePlaces.Place place) throws Exception {
    byte[] before = bytes(place.type());
    SitePlan plan =
        new SitePlan(1, place.method(), place.descriptor(), 0, all.remedy(place.step()));
    RewrittenClass after = new ClassRewriter().rewrite(before, List.of(plan));
    assertThat(after.classFile()).isNull();
    assertThat(after.refused().get(1)).contains("not laid out as known");
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = Object.class.getModule().getResourceAsStream(name + ".class")) {
      return in.readAllBytes();
    }
  }

  private static String text(byte[] classFile, NativePlaces.Place place) throws IOException {
    MethodNode method = ClassCode.read(classFile).method(place.method(), place.descriptor());
    Textifier text = new Textifier();
    method.accept(new TraceMethodVisitor(text));
    try (StringWriter out = new StringWriter()) {
      out.append(method.name).append(method.desc).append('\n');
      PrintWriter writer = new PrintWriter(out);
      text.print(writer);
      writer.flush();
      return out.toString();
    }
  }
}

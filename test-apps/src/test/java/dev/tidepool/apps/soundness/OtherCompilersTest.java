package dev.tidepool.apps.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.apache.pdfbox.io.IOUtils;
import org.junit.jupiter.api.Test;

class OtherCompilersTest {
  private static final int CLASS_FILES_OF_8 = 52;

  /** A newer release of it may come from a newer compiler: then another must take its place. */
  @Test
  void theLibraryThatStandsForJavac8WasBuiltWithJdk8() throws IOException, URISyntaxException {
    Path jar = Path.of(IOUtils.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile file = new JarFile(jar.toFile())) {
      String built = file.getManifest().getMainAttributes().getValue("Build-Jdk-Spec");
      assertThat(built).isEqualTo("1.8");
    }
    try (var in = new DataInputStream(IOUtils.class.getResourceAsStream("IOUtils.class"))) {
      in.skipNBytes(6);
      assertThat(in.readUnsignedShort()).isEqualTo(CLASS_FILES_OF_8);
    }
  }
}

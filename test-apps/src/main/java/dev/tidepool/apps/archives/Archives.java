package dev.tidepool.apps.archives;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.apache.commons.compress.archivers.sevenz.SevenZMethod;
import org.apache.commons.compress.archivers.sevenz.SevenZMethodConfiguration;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.tukaani.xz.LZMA2Options;

/** Packs a few files and unpacks them again, in one of three formats chosen by the seed. */
public final class Archives implements App {
  private static final long TIME = 1_000_000_000_000L;

  @Override
  public long operate(long seed) throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      files.add(Material.text(seed + i, 12_000).getBytes(StandardCharsets.US_ASCII));
    }
    files.add(Material.noise(seed, 16_000));
    return switch ((int) (seed % 3)) {
      case 0 -> zip(files);
      case 1 -> tarGz(files);
      default -> sevenZ(files);
    };
  }

  private static long zip(List<byte[]> files) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(packed)) {
      for (int i = 0; i < files.size(); i++) {
        ZipArchiveEntry entry = new ZipArchiveEntry("file-" + i);
        entry.setTime(TIME);
        zip.putArchiveEntry(entry);
        new ByteArrayInputStream(files.get(i)).transferTo(zip);
        zip.closeArchiveEntry();
      }
    }
    Fold fold = new Fold().add(packed.toByteArray());
    try (ZipArchiveInputStream zip =
        new ZipArchiveInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        fold.add(entry.getName()).add(unpack(zip));
      }
    }
    return fold.value();
  }

  private static long tarGz(List<byte[]> files) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(packed))) {
      for (int i = 0; i < files.size(); i++) {
        TarArchiveEntry entry = new TarArchiveEntry("file-" + i);
        entry.setModTime(TIME);
        entry.setSize(files.get(i).length);
        tar.putArchiveEntry(entry);
        new ByteArrayInputStream(files.get(i)).transferTo(tar);
        tar.closeArchiveEntry();
      }
    }
    Fold fold = new Fold().add(packed.toByteArray());
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GzipCompressorInputStream(new ByteArrayInputStream(packed.toByteArray())))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        fold.add(entry.getName()).add(unpack(tar));
      }
    }
    return fold.value();
  }

  private static long sevenZ(List<byte[]> files) throws IOException {
    SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
    LZMA2Options options = new LZMA2Options(1);
    options.setDictSize(64 * 1024);
    try (SevenZOutputFile out = new SevenZOutputFile(channel)) {
      out.setContentMethods(List.of(new SevenZMethodConfiguration(SevenZMethod.LZMA2, options)));
      for (int i = 0; i < files.size(); i++) {
        SevenZArchiveEntry entry = new SevenZArchiveEntry();
        entry.setName("file-" + i);
        entry.setLastModifiedTime(FileTime.fromMillis(TIME));
        out.putArchiveEntry(entry);
        out.write(new ByteArrayInputStream(files.get(i)));
        out.closeArchiveEntry();
      }
    }
    byte[] packed = Arrays.copyOf(channel.array(), (int) channel.size());
    Fold fold = new Fold().add(packed);
    try (SevenZFile in =
        SevenZFile.builder()
            .setSeekableByteChannel(new SeekableInMemoryByteChannel(packed))
            .get()) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        fold.add(entry.getName()).add(unpack(in.getInputStream(entry)));
      }
    }
    return fold.value();
  }

  private static byte[] unpack(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    in.transferTo(out);
    return out.toByteArray();
  }
}

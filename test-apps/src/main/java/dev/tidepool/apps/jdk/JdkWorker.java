package dev.tidepool.apps.jdk;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.zip.Adler32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Nine everyday jobs of a worker process, one per operation, chosen by the seed. */
public final class JdkWorker implements App {
  private static final int FILE_BYTES = 300_000;

  private final Path left;
  private final Path right;
  private final Path other;

  public JdkWorker(Path work) throws IOException {
    left = Files.write(work.resolve("left.bin"), Material.noise(1, FILE_BYTES));
    right = Files.copy(left, work.resolve("right.bin"));
    byte[] changed = Material.noise(1, FILE_BYTES);
    changed[FILE_BYTES - 100] ^= 1;
    other = Files.write(work.resolve("other.bin"), changed);
  }

  @Override
  public long operate(long seed) throws Exception {
    return switch ((int) (seed % 9)) {
      case 0 -> zip(seed);
      case 1 -> base64Streams(seed);
      case 2 -> base64Buffer(seed);
      case 3 -> transferBytes(seed);
      case 4 -> transferChars(seed);
      case 5 -> digests(seed);
      case 6 -> mismatch();
      case 7 -> sortShorts(seed);
      default -> sortChars(seed);
    };
  }

  private static long zip(long seed) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(packed)) {
      for (int i = 0; i < 4; i++) {
        ZipEntry entry = new ZipEntry("entry-" + i + ".txt");
        entry.setTime(1_000_000_000_000L);
        zip.putNextEntry(entry);
        zip.write(Material.text(seed + i, 20_000).getBytes(StandardCharsets.US_ASCII));
        zip.closeEntry();
      }
    }
    Fold fold = new Fold().add(packed.toByteArray());
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        fold.add(entry.getName()).add(zip.readAllBytes());
      }
    }
    return fold.value();
  }

  private static long base64Streams(long seed) throws IOException {
    byte[] plain = Material.noise(seed, 100_000);
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    try (OutputStream out = Base64.getMimeEncoder().wrap(encoded)) {
      new ByteArrayInputStream(plain).transferTo(out);
    }
    try (InputStream in =
        Base64.getMimeDecoder().wrap(new ByteArrayInputStream(encoded.toByteArray()))) {
      return new Fold().add(encoded.toByteArray()).add(in.readAllBytes()).value();
    }
  }

  private static long base64Buffer(long seed) {
    ByteBuffer plain = ByteBuffer.wrap(Material.noise(seed, 90_000));
    ByteBuffer encoded = Base64.getEncoder().encode(plain);
    ByteBuffer direct = ByteBuffer.allocateDirect(encoded.remaining());
    direct.put(encoded.duplicate()).flip();
    Adler32 adler = new Adler32();
    adler.update(direct);
    ByteBuffer decoded = Base64.getDecoder().decode(encoded);
    byte[] bytes = new byte[decoded.remaining()];
    decoded.get(bytes);
    return new Fold().add(bytes).add(adler.getValue()).value();
  }

  private long transferBytes(long seed) throws IOException, GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-1");
    try (InputStream in = new DigestInputStream(Files.newInputStream(left), digest);
        ByteArrayOutputStream out = new ByteArrayOutputStream(FILE_BYTES)) {
      in.skipNBytes(seed & 1023);
      // DigestInputStream has no transferTo of its own: the general one of InputStream runs
      long moved = in.transferTo(out);
      return new Fold().add(moved).add(out.toByteArray()).add(digest.digest()).value();
    }
  }

  private static long transferChars(long seed) throws IOException {
    StringWriter out = new StringWriter();
    long moved = new StringReader(Material.text(seed, 60_000)).transferTo(out);
    return new Fold().add(moved).add(out.toString()).value();
  }

  private static long digests(long seed) throws GeneralSecurityException {
    byte[] plain = Material.noise(seed, 50_000);
    ByteBuffer direct = ByteBuffer.allocateDirect(plain.length).put(plain).flip();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(direct);
    byte[] first = digest.digest();
    return new Fold().add(first).add(MessageDigest.getInstance("MD5").digest(plain)).value();
  }

  private long mismatch() throws IOException {
    return new Fold().add(Files.mismatch(left, right)).add(Files.mismatch(left, other)).value();
  }

  private static long sortShorts(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    short[] numbers = new short[200_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (short) random.nextInt();
    }
    Arrays.sort(numbers);
    Fold fold = new Fold();
    for (int i = 0; i < numbers.length; i += 37) {
      fold.add(numbers[i]);
    }
    return fold.value();
  }

  private static long sortChars(long seed) {
    char[] text = Material.text(seed, 100_000).toCharArray();
    Arrays.sort(text);
    return new Fold().add(new String(text)).value();
  }
}

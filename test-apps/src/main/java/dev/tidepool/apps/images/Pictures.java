package dev.tidepool.apps.images;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import net.coobird.thumbnailator.Thumbnails;

/** Takes an upload as a photo service does: decodes it, makes two thumbnails, encodes those. */
public final class Pictures implements App {
  private static final int WIDTH = 400;
  private static final int HEIGHT = 300;
  private static final int KINDS = 4;

  private final byte[][] uploads = new byte[KINDS][];

  public Pictures() throws IOException {
    ImageIO.setUseCache(false); // or every picture goes through a file
    for (int kind = 0; kind < KINDS; kind++) {
      uploads[kind] = encode(draw(kind), kind % 2 == 0 ? "png" : "jpg");
    }
  }

  @Override
  public long operate(long seed) throws IOException {
    BufferedImage photo = ImageIO.read(new ByteArrayInputStream(uploads[(int) (seed % KINDS)]));
    Fold fold = new Fold();
    BufferedImage small = Thumbnails.of(photo).size(160, 120).asBufferedImage();
    fold.add(encode(small, "png"));
    ByteArrayOutputStream square = new ByteArrayOutputStream();
    Thumbnails.of(photo)
        .size(96, 96)
        .rotate(seed % 2 == 0 ? 0 : 90)
        .outputFormat("jpg")
        .toOutputStream(square);
    return fold.add(square.toByteArray()).value();
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  private static BufferedImage draw(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setPaint(new GradientPaint(0, 0, Color.ORANGE, WIDTH, HEIGHT, Color.BLUE));
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    for (int i = 0; i < 60; i++) {
      pen.setColor(new Color(random.nextInt(0x1000000)));
      pen.fillOval(random.nextInt(WIDTH), random.nextInt(HEIGHT), 10 + random.nextInt(60), 30);
    }
    pen.dispose();
    return image;
  }
}

package dev.tidepool.apps.documents;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.text.PDFTextStripper;

/** Makes a document of text and a picture, saves it, loads it and reads both back. */
public final class Documents implements App {
  private static final int SIDE = 160;

  // the logger's level lives as long as somebody holds the logger
  private static final Logger QUIET = Logger.getLogger("org.apache");

  public Documents(Path work) {
    QUIET.setLevel(Level.SEVERE); // it warns of each font that the machine lacks, at each use
    System.setProperty("pdfbox.fontcache", work.toString());
  }

  @Override
  public long operate(long seed) throws IOException {
    byte[] saved = make(seed);
    Fold fold = new Fold().add(saved);
    try (PDDocument document = Loader.loadPDF(saved)) {
      fold.add(new PDFTextStripper().getText(document));
      var resources = document.getPage(0).getResources();
      for (COSName name : resources.getXObjectNames()) {
        if (resources.getXObject(name) instanceof PDImageXObject picture) {
          BufferedImage image = picture.getImage();
          for (int y = 0; y < image.getHeight(); y += 7) {
            fold.add(image.getRGB(y % image.getWidth(), y));
          }
        }
      }
    }
    return fold.value();
  }

  private static byte[] make(long seed) throws IOException {
    try (PDDocument document = new PDDocument();
        ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      document.setDocumentId(seed);
      PDType1Font font = new PDType1Font(Standard14Fonts.FontName.HELVETICA);
      PDImageXObject picture = LosslessFactory.createFromImage(document, picture(seed));
      for (int number = 0; number < 3; number++) {
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
          content.drawImage(picture, 40, 40, SIDE, SIDE);
          content.beginText();
          content.setFont(font, 10);
          content.setLeading(12);
          content.newLineAtOffset(40, 740);
          for (String line : Material.text(seed + number, 2_500).split("\n", -1)) {
            content.showText(line);
            content.newLine();
          }
          content.endText();
        }
      }
      document.save(out);
      return out.toByteArray();
    }
  }

  private static BufferedImage picture(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIDE; y++) {
      int shade = random.nextInt(0x1000000);
      for (int x = 0; x < SIDE; x++) {
        image.setRGB(x, y, shade + x / 8);
      }
    }
    return image;
  }
}

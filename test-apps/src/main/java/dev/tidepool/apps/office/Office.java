package dev.tidepool.apps.office;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;

/** Makes a workbook or a letter, saves it, opens it again and reads every cell or paragraph. */
public final class Office implements App {
  private static final int ROWS = 60;
  private static final int COLUMNS = 8;

  @Override
  public long operate(long seed) throws IOException {
    return seed % 2 == 0 ? workbook(seed) : letter(seed);
  }

  private static long workbook(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    try (XSSFWorkbook book = new XSSFWorkbook()) {
      Sheet sheet = book.createSheet("figures");
      for (int y = 0; y < ROWS; y++) {
        Row row = sheet.createRow(y);
        row.createCell(0).setCellValue("article " + random.nextInt(100));
        for (int x = 1; x < COLUMNS; x++) {
          row.createCell(x).setCellValue(random.nextInt(10_000) / 100.0);
        }
      }
      book.write(saved);
    }
    // the file holds the time it was written at, so only what is in it counts
    Fold fold = new Fold();
    try (XSSFWorkbook book = new XSSFWorkbook(new ByteArrayInputStream(saved.toByteArray()))) {
      for (Row row : book.getSheetAt(0)) {
        for (Cell cell : row) {
          fold.add(cell.toString());
        }
      }
    }
    return fold.value();
  }

  private static long letter(long seed) throws IOException {
    ByteArrayOutputStream saved = new ByteArrayOutputStream();
    try (XWPFDocument letter = new XWPFDocument()) {
      for (int i = 0; i < 20; i++) {
        letter.createParagraph().createRun().setText(Material.text(seed + i, 400));
      }
      letter.write(saved);
    }
    Fold fold = new Fold();
    try (XWPFDocument letter = new XWPFDocument(new ByteArrayInputStream(saved.toByteArray()))) {
      for (XWPFParagraph paragraph : letter.getParagraphs()) {
        fold.add(paragraph.getText());
      }
    }
    return fold.value();
  }
}

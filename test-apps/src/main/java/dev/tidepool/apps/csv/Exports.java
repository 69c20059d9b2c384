package dev.tidepool.apps.csv;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/** Exports a table as packed CSV, imports it, answers with packed JSON. */
public final class Exports implements App {
  private static final int ROWS = 80;

  private final ObjectMapper mapper = new ObjectMapper();

  @Override
  public long operate(long seed) throws IOException {
    byte[] packed = export(seed);
    List<Map<String, String>> rows = new ArrayList<>();
    try (CSVParser parser =
        CSVFormat.RFC4180.parse(
            new BufferedReader(
                new InputStreamReader(
                    new GZIPInputStream(new ByteArrayInputStream(packed)),
                    StandardCharsets.UTF_8)))) {
      for (CSVRecord row : parser) {
        rows.add(Map.of("id", row.get(0), "price", row.get(1), "about", row.get(2)));
      }
    }
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(answer)) {
      out.write(mapper.writeValueAsBytes(rows.stream().map(row -> row.get("about")).toList()));
    }
    JsonNode back =
        mapper.readTree(new GZIPInputStream(new ByteArrayInputStream(answer.toByteArray())));
    Fold fold = new Fold().add(packed).add(back.size());
    rows.forEach(row -> fold.add(row.get("id")).add(row.get("price")));
    return fold.value();
  }

  private static byte[] export(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (CSVPrinter out =
        new CSVPrinter(
            new BufferedWriter(
                new OutputStreamWriter(new GZIPOutputStream(packed), StandardCharsets.UTF_8)),
            CSVFormat.RFC4180)) {
      for (int row = 0; row < ROWS; row++) {
        out.printRecord(row, random.nextInt(1_000_000), Material.text(seed + row, 80));
      }
    }
    return packed.toByteArray();
  }
}

package dev.tidepool.pools.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.util.ListStatistics;

/** What iterations came to, from one JVM or several, by situation and peer. */
final class Samples {

  private static final class Cell {
    private final ListStatistics nanos = new ListStatistics();
    private final ListStatistics bytes = new ListStatistics();
    private String failure;
  }

  private final Map<String, Map<String, Cell>> cells = new LinkedHashMap<>();

  void add(String situation, String peer, double nanos, double bytes) {
    Cell cell = cell(situation, peer);
    cell.nanos.addValue(nanos);
    cell.bytes.addValue(bytes);
  }

  void failed(String situation, String peer, String why) {
    cell(situation, peer).failure = why;
  }

  private Cell cell(String situation, String peer) {
    return cells
        .computeIfAbsent(situation, s -> new LinkedHashMap<>())
        .computeIfAbsent(peer, p -> new Cell());
  }

  /** Who takes at most so many times what the quickest takes. */
  List<String> within(double factor, String situation) {
    Map<String, Cell> peers = cells.getOrDefault(situation, Map.of());
    double first =
        peers.values().stream()
            .filter(c -> c.nanos.getN() > 0)
            .map(Samples::median)
            .min(Comparator.naturalOrder())
            .orElse(0.0);
    List<String> near = new ArrayList<>();
    peers.forEach(
        (peer, cell) -> {
          if (cell.nanos.getN() > 0 && median(cell) <= factor * first) {
            near.add(peer);
          }
        });
    return near;
  }

  private static double median(Cell cell) {
    return cell.nanos.getPercentile(50);
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    cells.forEach(
        (situation, peers) -> {
          Row row = Row.of(situation);
          peers.forEach(
              (peer, cell) -> {
                if (cell.nanos.getN() > 0) {
                  double error = cell.nanos.getMeanErrorAt(0.999);
                  row.figures()
                      .put(peer, new Row.Figure(median(cell), error, cell.bytes.getPercentile(50)));
                } else if (cell.failure != null) {
                  row.failures().put(peer, cell.failure);
                }
              });
          rows.add(row);
        });
    return rows;
  }
}

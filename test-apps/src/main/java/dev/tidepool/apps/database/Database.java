package dev.tidepool.apps.database;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A table with texts and binary columns in a file: each operation writes, reads and sums. */
public final class Database implements App {
  private static final int ROWS = 400;
  private static final int BATCH = 8;

  private final String url;
  // the database lives as long as a connection does
  private final Connection keeper;

  public Database(Path work) throws SQLException {
    url = "jdbc:h2:file:" + work.resolve("orders") + ";CACHE_SIZE=8192";
    keeper = DriverManager.getConnection(url, "sa", "");
    try (Statement statement = keeper.createStatement()) {
      statement.execute(
          "create table letter(id bigint primary key, writer varchar(40), body clob, scan blob)");
    }
    for (int row = 0; row < ROWS; row++) {
      write(keeper, row);
    }
  }

  @Override
  public long operate(long seed) throws SQLException, IOException {
    Fold fold = new Fold();
    try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
      connection.setAutoCommit(false);
      for (int row = 0; row < BATCH; row++) {
        // the same row gets the same content again, so that order of threads does not matter
        write(connection, seed * 11 % ROWS);
        connection.commit();
        read(connection, (seed * BATCH + row) % ROWS, fold);
      }
      try (Statement statement = connection.createStatement();
          ResultSet sums =
              statement.executeQuery(
                  "select writer, count(*), sum(octet_length(scan)) from letter"
                      + " where mod(id, 2) = 0 group by writer order by writer")) {
        while (sums.next()) {
          fold.add(sums.getString(1)).add(sums.getLong(2)).add(sums.getLong(3));
        }
      }
    }
    return fold.value();
  }

  private static void write(Connection connection, long row) throws SQLException {
    try (PreparedStatement merge =
        connection.prepareStatement("merge into letter key(id) values(?, ?, ?, ?)")) {
      merge.setLong(1, row);
      merge.setString(2, "writer " + row % 7);
      merge.setCharacterStream(3, new StringReader(Material.text(row, 3_000)));
      merge.setBinaryStream(4, new ByteArrayInputStream(Material.noise(row, 6_000)));
      merge.executeUpdate();
    }
  }

  private static void read(Connection connection, long row, Fold fold)
      throws SQLException, IOException {
    try (PreparedStatement select =
        connection.prepareStatement("select writer, body, scan from letter where id = ?")) {
      select.setLong(1, row);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          fold.add(rows.getString(1)).add(rows.getString(2).getBytes(StandardCharsets.UTF_8));
          try (InputStream scan = rows.getBinaryStream(3)) {
            fold.add(scan.readAllBytes());
          }
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      keeper.close();
    } catch (SQLException e) {
      throw new IOException("the database did not close", e);
    }
  }
}

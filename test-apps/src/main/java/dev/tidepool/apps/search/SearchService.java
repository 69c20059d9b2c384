package dev.tidepool.apps.search;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;

/** Three of four operations ask an index on disk, the fourth makes a small one and asks that. */
public final class SearchService implements App {
  private static final int STORED = 1500;
  private static final int BATCH = 30;
  private static final int HITS = 10;

  // the logger's level lives as long as somebody holds the logger
  private static final Logger QUIET = Logger.getLogger("org.apache.lucene");

  private final Directory disk;
  private final DirectoryReader reader;

  public SearchService(Path work) throws IOException {
    QUIET.setLevel(Level.SEVERE); // it warns of each JDK newer than itself
    disk = new NIOFSDirectory(work.resolve("index"));
    fill(disk, 0, STORED);
    reader = DirectoryReader.open(disk);
  }

  @Override
  public long operate(long seed) throws IOException {
    if (seed % 4 != 0) {
      return ask(reader, seed);
    }
    try (Directory memory = new ByteBuffersDirectory()) {
      fill(memory, seed, BATCH);
      try (DirectoryReader fresh = DirectoryReader.open(memory)) {
        return ask(fresh, seed);
      }
    }
  }

  private static void fill(Directory directory, long seed, int count) throws IOException {
    IndexWriterConfig settings =
        new IndexWriterConfig(new StandardAnalyzer()).setMergeScheduler(new SerialMergeScheduler());
    try (IndexWriter writer = new IndexWriter(directory, settings)) {
      for (int i = 0; i < count; i++) {
        Document document = new Document();
        document.add(new StringField("id", Long.toString(seed + i), Field.Store.YES));
        document.add(new TextField("body", Material.text(seed + i, 600), Field.Store.YES));
        writer.addDocument(document);
      }
    }
  }

  private static long ask(DirectoryReader reader, long seed) throws IOException {
    IndexSearcher searcher = new IndexSearcher(reader);
    StoredFields stored = searcher.storedFields();
    Fold fold = new Fold();
    for (Query query :
        new Query[] {
          new BooleanQuery.Builder()
              .add(new TermQuery(new Term("body", "harbour")), Occur.MUST)
              .add(new TermQuery(new Term("body", "moon")), Occur.SHOULD)
              .build(),
          new PhraseQuery("body", "tide", "pool"),
          new TermQuery(new Term("id", Long.toString(seed % BATCH)))
        }) {
      for (ScoreDoc hit : searcher.search(query, HITS).scoreDocs) {
        fold.add(Float.floatToIntBits(hit.score)).add(stored.document(hit.doc).get("body"));
      }
    }
    return fold.value();
  }

  @Override
  public void close() throws IOException {
    reader.close();
    disk.close();
  }
}

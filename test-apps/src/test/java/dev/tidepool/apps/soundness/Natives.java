package dev.tidepool.apps.soundness;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Compressors and direct memory, left in every state they can be left in. */
final class Natives {
  private Natives() {}

  /** What one of them was told must not show in the next. */
  static final class Zips implements Case {
    private final byte[] dictionary = new byte[2000];
    private final byte[] plain = new byte[20_000];
    private final byte[] packed = new byte[30_000];
    private final byte[] back = new byte[20_000];

    @Override
    public long run(long seed) throws DataFormatException {
      Bytes.fill(dictionary, dictionary.length, 3);
      for (int i = 0; i < plain.length; i++) {
        plain[i] = dictionary[(int) ((i * 7L + seed * i / 50) % dictionary.length)];
      }
      long sum = 0;
      for (int way = 0; way < 8; way++) {
        sum = sum * 31 + there(way) + back(way);
      }
      return sum;
    }

    /** Ended in the middle, with another level, with a dictionary, or as it should be. */
    private long there(int way) {
      Arrays.fill(packed, (byte) 0);
      Deflater deflater = new Deflater(1 + way % 3 * 4, way >= 4);
      try {
        if (way % 4 == 1) {
          deflater.setDictionary(dictionary);
        } else if (way % 4 == 2) {
          deflater.setLevel(9);
          deflater.setStrategy(Deflater.HUFFMAN_ONLY);
        }
        deflater.setInput(plain);
        if (way % 4 != 3) {
          deflater.finish();
        }
        int length = deflater.deflate(packed, 0, way % 4 == 3 ? 100 : packed.length);
        return Bytes.sum(packed) + length;
      } finally {
        deflater.end();
        deflater.end();
      }
    }

    private long back(int way) throws DataFormatException {
      Inflater inflater = new Inflater(way >= 4);
      try {
        inflater.setInput(packed, 0, way % 4 == 3 ? 50 : packed.length);
        Arrays.fill(back, (byte) 0);
        int length = 0;
        try {
          length = inflater.inflate(back);
          if (inflater.needsDictionary() && way != 5) {
            inflater.setDictionary(dictionary);
            length = inflater.inflate(back, 0, 1000);
          }
        } catch (DataFormatException damaged) {
          length = -1;
        }
        return length * 31L + inflater.getAdler() + Bytes.sum(back);
      } finally {
        inflater.end();
      }
    }
  }

  /** Direct memory reads as zero, whatever the last one left in it. */
  static final class Direct implements Case {
    private ByteBuffer slice = ByteBuffer.allocateDirect(16);

    @Override
    public long run(long seed) {
      long sum = slice.get(3);
      for (int i = 0; i < 8; i++) {
        ByteBuffer memory = ByteBuffer.allocateDirect(4096 + i);
        for (int at = 0; at < memory.capacity(); at++) {
          if (memory.get(at) != 0) {
            throw new AssertionError("memory that is not zero");
          }
          memory.put(at, (byte) (seed + at));
        }
        sum = sum * 31 + memory.getInt(100);
        // the view keeps all of the memory alive
        slice = memory.position(7).slice();
      }
      long last = slice.get(3);
      slice = ByteBuffer.allocateDirect(16);
      return sum * 31 + last;
    }
  }
}

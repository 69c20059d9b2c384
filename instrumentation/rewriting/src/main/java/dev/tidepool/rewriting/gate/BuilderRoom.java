package dev.tidepool.rewriting.gate;

import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;

/**
 * Gives the builders of a site an array from the pool when they are made, and takes back the one
 * they have when they die.
 *
 * <p>Nobody sees how long the array is, so it may be longer than the code says: as long as most
 * texts of the site have become, so that few have to grow, and of few different lengths, so that
 * the pool has one that fits. Races may lose a count, nothing else.
 */
final class BuilderRoom implements ObjIntConsumer<Object>, BiConsumer<Object, Object> {
  /** Classes of length are a quarter of a power of two apart. */
  private static final int STEPS = 4;

  private static final int LONGEST_LEARNED = 1 << 20;
  private static final int CLASSES = 128;
  private static final int WINDOW = 256;
  private static final int FIRST_WINDOW = 16;

  /** One in so many texts may still have to grow. */
  private static final int ONE_IN = 16;

  private final SiteRow row;
  private final BuilderText text;
  private final int[] uses = new int[CLASSES];
  private int seen;
  private volatile int learned;

  /** Where the code reckons how long each text will be, there is nothing to learn. */
  private int asked = -1;

  private boolean varies;

  BuilderRoom(SiteRow row, BuilderText text) {
    this.row = row;
    this.text = text;
  }

  /** A builder was made without room. */
  @Override
  public void accept(Object builder, int length) {
    if (row.isTried()) {
      return; // how long its array will be nobody knows yet
    }
    varies |= asked != length && asked >= 0;
    asked = length;
    int usual = varies ? 0 : learned;
    int wanted = Math.max(length <= LONGEST_LEARNED ? rounded(length) : length, usual);
    if (row.acquire(wanted) instanceof byte[] array) {
      text.put(builder, array);
    }
  }

  /** A builder dies. */
  @Override
  public void accept(Object builder, Object before) {
    learn(text.size(builder));
    byte[] array = text.array(builder);
    if (row.isTried()) {
      row.count(array.length);
    }
    row.release(array);
  }

  private void learn(int size) {
    uses[classOf(Math.min(size, LONGEST_LEARNED))]++;
    if (++seen >= (learned == 0 ? FIRST_WINDOW : WINDOW)) {
      seen = 0;
      learned = usual();
    }
  }

  /** What holds nearly all texts of late; older ones count ever less. */
  private int usual() {
    int all = 0;
    for (int count : uses) {
      all += count;
    }
    int longer = 0;
    int usual = 0;
    for (int i = CLASSES - 1; i >= 0; i--) {
      longer += uses[i];
      if (usual == 0 && longer * ONE_IN > all) {
        usual = lengthOf(i);
      }
      uses[i] /= 2;
    }
    return usual;
  }

  static int rounded(int length) {
    return lengthOf(classOf(length));
  }

  /** The class of the shortest length that has room for so many. */
  static int classOf(int length) {
    if (length <= STEPS) {
      return 0;
    }
    int below = length - 1;
    int power = 31 - Integer.numberOfLeadingZeros(below);
    int quarter = (below >> (power - 2)) & (STEPS - 1);
    return Math.min(CLASSES - 1, STEPS * (power - 2) + quarter + 1);
  }

  static int lengthOf(int number) {
    if (number == 0) {
      return STEPS;
    }
    int power = (number - 1) / STEPS + 2;
    return (1 << power) + (((number - 1) % STEPS + 1) << (power - 2));
  }
}

package dev.tidepool.rewriting.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Each piece of memory is in one pair of hands, whoever keeps, takes and frees at the same time.
 */
class AddressShelvesRaceTest {
  private static final int PIECES = 4000;
  private static final int ROUNDS = 200_000;
  private static final long ROOM = 1_000;
  private static final int HERE = 1;
  private static final int KEPT = 2;

  private final AddressShelves shelves = new AddressShelves();
  private final AtomicIntegerArray where = new AtomicIntegerArray(PIECES + 1);
  private final AtomicLong turn = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong freed = new AtomicLong();
  private final List<Throwable> failed = Collections.synchronizedList(new ArrayList<>());

  @Test
  void noPieceIsInTwoHandsOrNone() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> users = List.of(Racer.start(failed, this::use), Racer.start(failed, this::use));
    Thread agent =
        Racer.start(
            failed,
            () -> {
              while (!over.get()) {
                free(shelves.shed(ROOM / 2));
                free(shelves.shedIdle());
                shelves.settle();
                Thread.onSpinWait();
              }
            });
    for (Thread user : users) {
      user.join();
    }
    over.set(true);
    agent.join();
    assertThat(failed).isEmpty();
    assertThat(taken).hasPositiveValue();
    assertThat(freed).hasPositiveValue();
    assertThat(shelves.bytes()).isBetween(0L, ROOM);
    assertThat(shelves.close()).isTrue();
    assertThat(shelves.keep(1, 1, 1, ROOM)).isFalse();
    for (long piece = shelves.shed(0); piece != 0; piece = shelves.shed(0)) {
      free(piece);
    }
    assertThat(shelves.bytes()).isZero();
    for (int i = 1; i <= PIECES; i++) {
      assertThat(where.get(i)).as("piece %s", i).isNotEqualTo(KEPT);
    }
  }

  /** Of two kinds, as two sizes are: a piece never comes back as another. */
  private void use() {
    for (int i = 0; i < ROUNDS; i++) {
      long kind = 1L + i % 2;
      long piece = shelves.take(kind);
      if (piece == 0) {
        piece = make(kind);
      } else {
        taken.incrementAndGet();
        change(piece, KEPT, HERE);
        assertThat(1 + piece % 2).as("kind of %s", piece).isEqualTo(kind);
      }
      if (piece != 0) {
        change(piece, HERE, KEPT); // before it is offered: the next may have it at once
        if (!shelves.keep(kind, piece, kind, ROOM)) {
          change(piece, KEPT, 0);
        }
      }
    }
  }

  /** A piece that nobody has, or 0. */
  private long make(long kind) {
    for (int i = 0; i < 100; i++) {
      int piece = 1 + (int) (turn.incrementAndGet() % PIECES);
      if (1 + piece % 2 == kind && where.compareAndSet(piece, 0, HERE)) {
        return piece;
      }
    }
    return 0;
  }

  private void free(long piece) {
    if (piece != 0) {
      change(piece, KEPT, 0);
      freed.incrementAndGet();
    }
  }

  private void change(long piece, int from, int to) {
    int was = where.getAndSet((int) piece, to);
    if (was != from) {
      throw new AssertionError("piece " + piece + " was " + was + ", not " + from);
    }
  }

  /** As where a stack ended between taking the turn and giving it back. */
  @Test
  void closingDoesNotWaitForWhoIsGone() throws Exception {
    assertThat(shelves.keep(1, 1, 1, ROOM)).isTrue();
    Field busy = AddressShelves.class.getDeclaredField("busy");
    busy.setAccessible(true);
    ((AtomicBoolean) busy.get(shelves)).set(true);
    long before = System.nanoTime();
    assertThat(shelves.close()).isFalse();
    assertThat(System.nanoTime() - before).isLessThan(Duration.ofSeconds(20).toNanos());
    assertThat(shelves.take(1)).isZero();
    assertThat(shelves.keep(1, 2, 1, ROOM)).isFalse();
  }
}

package dev.tidepool.agent.serve;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/** Waits for whoever knocks; used by one thread, {@link #wake()} excepted. */
public final class Doors implements AutoCloseable {
  private static final int MOST_CONVERSATIONS = 64;
  private static final long LOOK_NANOS = 5_000_000;

  private final Selector selector;
  private final BiConsumer<String, Throwable> faults;
  private volatile boolean looksOnly;
  private volatile boolean woken;

  /**
   * @param faults told what failed and how; the doors stay open
   * @throws IOException if the operating system gives no selector
   */
  public Doors(BiConsumer<String, Throwable> faults) throws IOException {
    this.selector = Selector.open();
    this.faults = faults;
  }

  /** Serves a listening channel from now on, and closes it in the end. */
  void open(ServerSocketChannel listening, Protocol protocol) throws IOException {
    listening.configureBlocking(false);
    listening.register(selector, SelectionKey.OP_ACCEPT, protocol);
  }

  /** Serves what comes within this time, at least what is there already. */
  public void await(long millis) throws IOException {
    if (millis <= 0) {
      selector.selectNow();
    } else if (looksOnly) {
      look(System.nanoTime() + millis * 1_000_000);
    } else {
      selector.select(millis);
    }
    woken = false;
    for (SelectionKey key : new ArrayList<>(selector.selectedKeys())) {
      serve(key);
    }
    selector.selectedKeys().clear();
    long now = System.nanoTime();
    for (SelectionKey key : new ArrayList<>(selector.keys())) {
      if (key.attachment() instanceof Conversation conversation && conversation.isOverdue(now)) {
        conversation.close();
      }
    }
  }

  /** Ends a waiting {@link #await} from another thread. */
  public void wake() {
    woken = true;
    selector.wakeup();
  }

  /**
   * From now on waits in Java and looks now and then, for a virtual machine that ends: it would
   * wait 0.3 s for a thread inside the operating system (HotSpot's
   * VM_Exit::wait_for_threads_in_native_to_block). Any thread.
   */
  public void lookOnly() {
    looksOnly = true;
    selector.wakeup();
  }

  private void look(long until) throws IOException {
    while (selector.selectNow() == 0 && !woken && System.nanoTime() < until) {
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  private void serve(SelectionKey key) {
    if (!key.isValid()) {
      return;
    }
    if (key.attachment() instanceof Conversation conversation) {
      converse(key, conversation);
      return;
    }
    try {
      SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
      if (channel == null) {
        return;
      }
      if (selector.keys().size() > MOST_CONVERSATIONS) {
        channel.close();
        return;
      }
      channel.configureBlocking(false);
      channel.register(
          selector, SelectionKey.OP_READ, new Conversation(channel, (Protocol) key.attachment()));
    } catch (IOException gone) {
      // whoever knocked has left again
    }
  }

  private void converse(SelectionKey key, Conversation conversation) {
    boolean more = false;
    try {
      more = conversation.step(key);
    } catch (IOException gone) {
      // nobody is left to answer
    } catch (Throwable fault) {
      faults.accept("a request failed", fault);
    }
    if (!more) {
      conversation.close();
    }
  }

  /** Sends what is still to be sent, for a second at most, and closes everything. */
  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      if (!(key.attachment() instanceof Conversation)) {
        key.channel().close();
      }
    }
    long until = System.nanoTime() + 1_000_000_000L;
    while (isAnswering() && System.nanoTime() < until) {
      await(20);
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private boolean isAnswering() {
    for (SelectionKey key : selector.keys()) {
      if (key.isValid()
          && key.attachment() instanceof Conversation conversation
          && conversation.isAnswering()) {
        return true;
      }
    }
    return false;
  }
}

package dev.tidepool.agent.serve;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where the control sockets of one user's virtual machines are: a directory only that user can
 * enter, in the one for temporary files, with a socket named after each process.
 */
public final class ControlPlace {
  /** Beginning of the directory's name; the user's name follows. */
  public static final String PREFIX = ".tidepool-";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private ControlPlace() {}

  /** The socket of a process in its own view of the file system. */
  public static Path socket(Path temporary, String user, long pid) {
    return temporary.resolve(PREFIX + user).resolve(pid + ".sock");
  }

  /**
   * Makes the directory, or takes the one that is there if nobody else can enter it.
   *
   * @throws IOException with one line if it is not safe to use
   */
  static void prepare(Path directory) throws IOException {
    if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    boolean ours =
        Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(ownerOfNewFiles())
            && Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)
                .equals(OWNER_ONLY);
    if (!ours) {
      throw new IOException(
          directory + " belongs to somebody else or is open to others: remove it");
    }
    sweep(directory);
  }

  private static Object ownerOfNewFiles() throws IOException {
    Path probe = Files.createTempFile("tidepool", ".probe");
    try {
      return Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
  }

  /** Takes away the sockets of processes that ended without doing so. */
  private static void sweep(Path directory) throws IOException {
    try (DirectoryStream<Path> sockets = Files.newDirectoryStream(directory, "*.sock")) {
      for (Path socket : sockets) {
        if (!isListenedTo(socket)) {
          Files.deleteIfExists(socket);
        }
      }
    }
  }

  /** Whether somebody listens at the socket. */
  public static boolean isListenedTo(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException refused) {
      return false;
    }
  }
}

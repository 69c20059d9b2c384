package dev.tidepool.rewriting.gate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Gives a class another name by its constant pool alone (JVMS 4.4), so that ASM can load later. */
final class ConstantPool {
  private static final int UTF8 = 1;

  private ConstantPool() {}

  /**
   * The same class under another name: as a class, and as a type in descriptors of its own.
   *
   * @param from internal name the class has
   * @param to internal name it gets
   */
  static byte[] renamed(byte[] classFile, String from, String to) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(classFile.length);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(in.readLong());
      int count = in.readUnsignedShort();
      out.writeShort(count);
      for (int entry = 1; entry < count; entry++) {
        int tag = in.readUnsignedByte();
        out.writeByte(tag);
        if (tag == UTF8) {
          String text = in.readUTF();
          out.writeUTF(text.equals(from) ? to : text.replace(descriptor(from), descriptor(to)));
        } else {
          int size = size(tag);
          out.write(in.readNBytes(size));
          // a long or a double takes two entries
          entry += size == 8 ? 1 : 0;
        }
      }
      in.transferTo(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static String descriptor(String internalName) {
    // no invokedynamic for concatenation this early in a start
    return "L".concat(internalName).concat(";");
  }

  private static int size(int tag) {
    return switch (tag) {
      case 7, 8, 16, 19, 20 -> 2;
      case 15 -> 3;
      case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
      case 5, 6 -> 8;
      default -> throw new IllegalArgumentException("constant pool tag " + tag);
    };
  }
}

package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

class OverwritingTest {
  private static final ClassNode FIXTURES = read(Worlds.bytes(OverwritingFixtures.class));

  private static ClassNode read(byte[] file) {
    ClassNode node = new ClassNode();
    new ClassReader(file).accept(node, 0);
    return node;
  }

  /** Whether the last array that the method makes is overwritten at once. */
  private static boolean follows(ClassNode type, String method, String descriptor) {
    for (MethodNode node : type.methods) {
      if (node.name.equals(method) && (descriptor == null || node.desc.equals(descriptor))) {
        AbstractInsnNode site = null;
        for (AbstractInsnNode insn : node.instructions) {
          site = insn.getOpcode() == Opcodes.NEWARRAY ? insn : site;
        }
        return Overwriting.follows(node, site);
      }
    }
    throw new IllegalArgumentException(method);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "copied",
        "copiedWhole",
        "copiedByItsLength",
        "constant",
        "characters",
        "charactersFromTo",
        "allCharacters",
        "filled",
        "behindABranch"
      })
  void allOfItIsOverwrittenAtOnce(String method) {
    assertThat(follows(FIXTURES, method, null)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shorter",
        "another",
        "changed",
        "later",
        "itself",
        "readBefore",
        "handedBefore",
        "sometimes",
        "caught",
        "eachRound",
        "fewerCharacters",
        "theOtherWay",
        "partlyFilled",
        "field",
        "anothersText"
      })
  void somebodyMightSeeWhatWasLeftThere(String method) {
    assertThat(follows(FIXTURES, method, null)).isFalse();
  }

  /** The array of the JDK that is made most often by whoever prints text. */
  @Test
  void theTextThatIsWrittenToAnEncoder() throws Exception {
    ClassNode encoder =
        read(
            ClassLoader.getSystemResourceAsStream("sun/nio/cs/StreamEncoder.class").readAllBytes());
    assertThat(follows(encoder, "write", "(Ljava/lang/String;II)V")).isTrue();
  }
}

package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.code.ClassCode;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.MethodKey;
import dev.tidepool.rewriting.site.SiteKey;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.tukaani.xz.ArrayCache;
import org.tukaani.xz.BasicArrayCache;

class HandBacksTest {
  private static final LoaderRef LOADER = LoaderRef.of(HandBacksTest.class.getClassLoader());
  private static final String CACHE = "org/tukaani/xz/ArrayCache";

  private static Verdict prove(byte[] file, String name, String descriptor) {
    return Worlds.proof(new OneClass(file))
        .prove(new SiteKey(new MethodKey(new TypeRef(CACHE, LOADER), name, descriptor), 0));
  }

  @ParameterizedTest
  @CsvSource({"([B)V, getByteArray, (IZ)[B", "([I)V, getIntArray, (IZ)[I"})
  void whatXzHandsBackIsUsedNoMore(String takes, String gives, String descriptor) {
    byte[] file = Worlds.bytes(ArrayCache.class);
    Verdict verdict = prove(file, "putArray", takes);
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    assertThat(((Verdict.Proven) verdict).sources())
        .containsExactly(
            new SiteKey(new MethodKey(new TypeRef(CACHE, LOADER), gives, descriptor), 1));
    assertThat(HandBacks.takes(ClassCode.read(file), gives, descriptor).desc).isEqualTo(takes);
  }

  @Test
  void aCacheThatKeepsArraysIsNotMeant() {
    ClassCode keeps = ClassCode.read(Worlds.bytes(BasicArrayCache.class));
    assertThat(HandBacks.takes(keeps, "getByteArray", "(IZ)[B")).isNull();
    assertThat(HandBacks.has(keeps.shell().name)).isFalse();
  }

  /** A class of the same name with other code. */
  @ParameterizedTest
  @CsvSource({"true, true, true", "false, true, false", "true, false, false"})
  void theCodeMustDoWhatTheListSays(boolean dropsIt, boolean makesIt, boolean proven) {
    Verdict verdict = prove(like(dropsIt, makesIt), "putArray", "([B)V");
    assertThat(verdict instanceof Verdict.Proven).as(verdict.toString()).isEqualTo(proven);
  }

  private static byte[] like(boolean dropsIt, boolean makesIt) {
    ClassWriter made = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    made.visit(Opcodes.V1_8, Opcodes.ACC_PUBLIC, CACHE, null, "java/lang/Object", null);
    made.visitField(0, "kept", "[B", null, null);
    MethodVisitor gives =
        made.visitMethod(Opcodes.ACC_PUBLIC, "getByteArray", "(IZ)[B", null, null);
    gives.visitCode();
    if (makesIt) {
      gives.visitVarInsn(Opcodes.ILOAD, 1);
      gives.visitIntInsn(Opcodes.NEWARRAY, Opcodes.T_BYTE);
    } else {
      gives.visitVarInsn(Opcodes.ALOAD, 0);
      gives.visitFieldInsn(Opcodes.GETFIELD, CACHE, "kept", "[B");
    }
    gives.visitInsn(Opcodes.ARETURN);
    gives.visitMaxs(0, 0);
    gives.visitEnd();
    MethodVisitor takes = made.visitMethod(Opcodes.ACC_PUBLIC, "putArray", "([B)V", null, null);
    takes.visitCode();
    if (!dropsIt) {
      takes.visitVarInsn(Opcodes.ALOAD, 0);
      takes.visitVarInsn(Opcodes.ALOAD, 1);
      takes.visitFieldInsn(Opcodes.PUTFIELD, CACHE, "kept", "[B");
    }
    takes.visitInsn(Opcodes.RETURN);
    takes.visitMaxs(0, 0);
    takes.visitEnd();
    made.visitEnd();
    return made.toByteArray();
  }

  /** Nothing else is loaded. */
  private static final class OneClass implements ClassWorld {
    private final byte[] file;

    OneClass(byte[] file) {
      this.file = file;
    }

    @Override
    public Optional<TypeRef> resolve(TypeRef from, String internalName) {
      return internalName.equals(CACHE)
          ? Optional.of(new TypeRef(CACHE, LOADER))
          : Optional.empty();
    }

    @Override
    public Optional<byte[]> bytes(TypeRef type) {
      return type.name().equals(CACHE) ? Optional.of(file) : Optional.empty();
    }

    @Override
    public Collection<TypeRef> subtypes(TypeRef type) {
      return List.of(type);
    }
  }
}

package dev.tidepool.rewriting.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.rewriting.site.Dependency;
import dev.tidepool.rewriting.site.LoaderRef;
import dev.tidepool.rewriting.site.TypeRef;
import dev.tidepool.rewriting.site.Verdict;
import org.junit.jupiter.api.Test;

/** JDK 25 asks each buffer for its memory segment, whose class most programs never load. */
class AbsentTest {
  private static final String CALLER = AbsentFixtures.Caller.class.getName();
  private static final TypeRef ABSENT =
      new TypeRef(AbsentFixtures.Absent.class.getName().replace('.', '/'), LoaderRef.BOOT);

  private static Verdict prove(boolean boot, String method) {
    FileWorld world = Worlds.apart();
    world.add(Worlds.bytes(AbsentFixtures.Caller.class), boot);
    return Worlds.prove(world, CALLER, method, 0);
  }

  @Test
  void whatIsOnlyHandedToObjectsOfAClassNotLoadedIsProvenUntilItLoads() {
    Verdict verdict = prove(true, "onAnObject");
    assertThat(verdict).as(verdict.toString()).isInstanceOf(Verdict.Proven.class);
    assertThat(((Verdict.Proven) verdict).dependencies()).contains(new Dependency.Body(ABSENT));
  }

  @Test
  void aStaticMethodNeedsNoObjectToBeCalled() {
    assertThat(prove(true, "onTheClass")).isInstanceOf(Verdict.Refused.class);
  }

  /** Another loader may have the class already. */
  @Test
  void outsideTheBootLoaderItIsRefused() {
    assertThat(prove(false, "onAnObject")).isInstanceOf(Verdict.Refused.class);
  }
}

package dev.tidepool.rewriting.live;

import static dev.tidepool.rewriting.live.Scenario.check;
import static dev.tidepool.rewriting.live.Scenario.hash;
import static dev.tidepool.rewriting.live.Scenario.is;
import static dev.tidepool.rewriting.live.Scenario.site;
import static dev.tidepool.rewriting.live.Scenario.workUntil;

import dev.tidepool.rewriting.PoolingEvidence;
import dev.tidepool.rewriting.RewritingSettings;
import dev.tidepool.rewriting.gate.GateInstall;
import dev.tidepool.rewriting.remedy.ClassRewriter;
import dev.tidepool.rewriting.site.Breaker;
import dev.tidepool.rewriting.site.SiteState;
import dev.tidepool.rewriting.site.Verdict;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Set;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import workload.Workload;

/** Scenarios that need a virtual machine of their own; named by the property {@code scenario}. */
public final class LifeAgent {
  private static Instrumentation instrumentation;

  private LifeAgent() {}

  public static void premain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    switch (System.getProperty("scenario")) {
      case "undo" -> undo();
      case "subclass" -> subclass();
      case "hidden" -> hidden();
      case "others" -> others();
      case "leak" -> leak();
      case "rest" -> rest();
      case "observed" -> observed();
      case "capture" -> capture();
      case "quarantine" -> quarantine();
      case "pending" -> pending();
      case "returned" -> returned();
      default -> throw new IllegalArgumentException("scenario");
    }
  }

  private static ProofThread active() throws Exception {
    ProofThread thread = Scenario.start(instrumentation);
    thread.nominate(Scenario.work());
    thread.nominate(Scenario.transfer());
    workUntil(
        "both sites become active: " + thread.sites(),
        () -> is(thread, "work", SiteState.ACTIVE) && is(thread, "transferTo", SiteState.ACTIVE));
    workUntil("buffers come from the pool", () -> hits(thread) > 100);
    return thread;
  }

  private static long hits(ProofThread thread) {
    return site(thread, "work").hits();
  }

  private static void undo() throws Exception {
    Class<?> definer = Class.forName("java.lang.invoke.MethodHandles$Lookup$ClassDefiner");
    // JDK 17 drops the stack maps of unverified classes at the first retransformation, whoever asks
    for (Class<?> type : List.of(Workload.class, InputStream.class, definer)) {
      hash(instrumentation, type);
    }
    String app = hash(instrumentation, Workload.class);
    String jdk = hash(instrumentation, InputStream.class);
    String hooked = hash(instrumentation, definer);
    ProofThread thread = active();
    check(!app.equals(hash(instrumentation, Workload.class)), "the class is rewritten");
    workUntil(
        "active again after somebody else's retransformation",
        () -> is(thread, "work", SiteState.ACTIVE));
    check(thread.revert(site(thread, "work").site(), "user"), "reverted");
    check(!thread.revert(site(thread, "work").site(), "user"), "only once");
    check(app.equals(hash(instrumentation, Workload.class)), "revert leaves the original bytes");
    thread.close();
    check(jdk.equals(hash(instrumentation, InputStream.class)), "close does so in the JDK");
    check(hooked.equals(hash(instrumentation, definer)), "and takes the hook out");
    for (Thread each : Thread.getAllStackTraces().keySet()) {
      check(!each.getName().startsWith("tidepool"), "no thread is left");
    }
  }

  private static void subclass() throws Exception {
    ProofThread thread = active();
    new Workload.Quiet();
    long before = hits(thread);
    Scenario.WORKLOAD.work(Scenario.FILTER);
    check(hits(thread) == before + 1, "a subclass that does not override changes nothing");
    long[] duringDefinition = new long[2];
    ClassFileTransformer last =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> of, ProtectionDomain domain, byte[] file) {
            if (name.endsWith("Keeping")) {
              duringDefinition[0] = hits(thread);
              Scenario.WORKLOAD.work(Scenario.FILTER);
              duringDefinition[1] = hits(thread);
            }
            return null;
          }
        };
    instrumentation.addTransformer(last, true);
    // by name: the verifier would load it with this class
    Workload.Filter keeping =
        Class.forName("workload.Workload$Keeping")
            .asSubclass(Workload.Filter.class)
            .getConstructor()
            .newInstance();
    instrumentation.removeTransformer(last);
    check(duringDefinition[0] > 0, "the class came past");
    check(duringDefinition[0] == duringDefinition[1], "shut before the class is defined");
    Scenario.WORKLOAD.work(keeping);
    byte[] kept = Workload.Keeping.kept;
    for (int i = 0; i < 1000; i++) {
      Scenario.WORKLOAD.work(keeping);
    }
    check(kept != Workload.Keeping.kept, "what it keeps is its own");
    workUntil("counted as invalidated", () -> thread.stats().invalidations() > 0);
  }

  private static void hidden() throws Exception {
    ProofThread thread = active();
    long before = hits(thread);
    Scenario.WORKLOAD.work(Scenario.FILTER);
    check(hits(thread) == before + 1, "pooled until then");
    byte[] file = Scenario.bytes(Workload.Keeping.class);
    MethodHandles.privateLookupIn(Workload.class, MethodHandles.lookup())
        .defineHiddenClass(file, false);
    before = hits(thread);
    Scenario.WORKLOAD.work(Scenario.FILTER);
    check(hits(thread) == before, "shut by a hidden class");
    check(thread.stats().notes().isEmpty(), "no trouble: " + thread.stats().notes());
  }

  private static void others() throws Exception {
    instrumentation.addTransformer(new Padding());
    Scenario.Copies copies = new Scenario.Copies();
    Class<?> padded = copies.define(Workload.class);
    ProofThread thread = Scenario.start(instrumentation);
    thread.nominate(Scenario.nomination(padded, "work", Scenario.work().descriptor()));
    Object workload = padded.getConstructor().newInstance();
    var work = padded.getMethod("work", Workload.Filter.class);
    workUntil(
        "a class changed by another agent at load is found and pooled",
        () -> {
          work.invoke(workload, Scenario.FILTER);
          return is(thread, "work", SiteState.ACTIVE);
        });
    check(
        site(thread, "work").bytecodeIndex() == 3 + Padding.ADDED,
        "at its real place: " + thread.sites());
    thread.close();
  }

  /** What a foreign agent made of classes is read without a change of any of them. */
  private static void capture() throws Exception {
    ClassFileTransformer foreign =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> of, ProtectionDomain domain, byte[] file) {
            ClassReader reader = new ClassReader(file);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(writer, 0);
            writer.newUTF8("foreign");
            return of == null ? null : writer.toByteArray();
          }
        };
    instrumentation.addTransformer(foreign, true);
    SiteTransformer ours = new SiteTransformer(new DependencyWatch());
    ClassPlans plans = new ClassPlans(new ClassRewriter("java/lang/Gate"));
    ours.plans(plans);
    ours.ownThread(Thread.currentThread());
    instrumentation.addTransformer(ours, true);
    Retransformer retransformer = new Retransformer(instrumentation, ours, plans);
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ClassRedefinition");
      recording.start();
      for (Class<?> type : List.of(Object.class, String.class, List.class, Workload.class)) {
        byte[] file = retransformer.capture(type);
        String text = new String(file, StandardCharsets.ISO_8859_1);
        check(text.contains("foreign"), type + " as the foreign agent left it");
        int access = new ClassReader(file).getAccess();
        check((access & Opcodes.ACC_SYNTHETIC) == 0, "with its own modifiers");
      }
      check(events(recording) == 0, "no class was redefined: " + events(recording));
      instrumentation.retransformClasses(Workload.class);
      check(events(recording) == 1, "the event exists");
    }
  }

  /** A class that the virtual machine will not take rewritten is let alone; others go on. */
  private static void quarantine() throws Exception {
    String before = hash(instrumentation, Workload.class);
    ProofThread thread = Scenario.start(instrumentation);
    ClassFileTransformer breaking =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> of, ProtectionDomain domain, byte[] file) {
            boolean ours =
                of == Workload.class
                    && new String(file, StandardCharsets.ISO_8859_1)
                        .contains(GateInstall.GATE_NAME);
            return ours ? ClassHeader.withOtherModifiers(file) : null;
          }
        };
    instrumentation.addTransformer(breaking, true);
    thread.nominate(Scenario.work());
    thread.nominate(Scenario.transfer());
    workUntil("the other class is pooled", () -> is(thread, "transferTo", SiteState.ACTIVE));
    workUntil("the broken one is refused", () -> is(thread, "work", SiteState.REFUSED));
    String why = site(thread, "work").reason();
    check(why.startsWith("the class cannot be rewritten"), why);
    check(thread.stats().quarantined() == 1, "counted");
    instrumentation.removeTransformer(breaking);
    check(before.equals(hash(instrumentation, Workload.class)), "it runs as it was");
    thread.nominate(Scenario.work());
    Scenario.WORKLOAD.work(Scenario.FILTER);
    check(is(thread, "work", SiteState.REFUSED), "and stays out");
    thread.close();
  }

  /** What is taken back while it waits for its class to be changed once more stays so. */
  private static void pending() throws Exception {
    hash(instrumentation, Workload.class);
    String original = hash(instrumentation, Workload.class);
    ProofThread thread = active();
    Class.forName("workload.Workload$Keeping").getConstructor().newInstance();
    workUntil("invalidated, to be counted", () -> thread.stats().invalidations() > 0);
    thread.revertAll("user");
    for (int i = 0; i < 40; i++) {
      thread.nominate(Scenario.work());
      Scenario.WORKLOAD.work(Scenario.FILTER);
      Thread.sleep(20);
    }
    check(is(thread, "work", SiteState.REVERTED), site(thread, "work").toString());
    check(original.equals(hash(instrumentation, Workload.class)), "its code is the original");
    thread.close();
    check(original.equals(hash(instrumentation, Workload.class)), "close leaves it so");
  }

  private static int events(Recording recording) throws Exception {
    Path file = Files.createTempFile("capture", ".jfr");
    recording.dump(file);
    int events = RecordingFile.readAllEvents(file).size();
    Files.delete(file);
    return events;
  }

  private static void leak() throws Exception {
    WeakReference<ClassLoader> loader = activeInLoader();
    for (int i = 0; i < 100 && loader.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    check(loader.get() == null, "the loader is collected");
  }

  private static WeakReference<ClassLoader> activeInLoader() throws Exception {
    Scenario.Copies copies = new Scenario.Copies();
    Class<?> copy = copies.define(Workload.class);
    ProofThread thread = Scenario.start(instrumentation);
    thread.nominate(Scenario.nomination(copy, "work", Scenario.work().descriptor()));
    Object workload = copy.getConstructor().newInstance();
    var work = copy.getMethod("work", Workload.Filter.class);
    workUntil(
        "active in a loader of its own",
        () -> {
          for (int i = 0; i < 100; i++) {
            work.invoke(workload, Scenario.FILTER);
          }
          return is(thread, "work", SiteState.ACTIVE);
        });
    thread.close();
    check(List.of().equals(List.copyOf(thread.stats().notes())), "no trouble");
    return new WeakReference<>(copies);
  }

  /** A counter that has told that its site cannot be pooled leaves the code, and comes back. */
  private static void rest() throws Exception {
    hash(instrumentation, Workload.class);
    String original = hash(instrumentation, Workload.class);
    ProofThread thread =
        Scenario.start(
            instrumentation,
            (proof, world, site) -> new Verdict.Refused("escapes", List.of(), false));
    thread.nominate(Scenario.work());
    workUntil("refused", () -> is(thread, "work", SiteState.REFUSED));
    check(!original.equals(hash(instrumentation, Workload.class)), "it is counted");
    workUntil("not counted", () -> original.equals(hash(instrumentation, Workload.class)));
    check(is(thread, "work", SiteState.REFUSED), "still refused");
    check(site(thread, "work").bytesPerSecond() > 0, "the rate stays known");
    workUntil(
        "counted again while it is found hot",
        () -> {
          thread.nominate(Scenario.work());
          return !original.equals(hash(instrumentation, Workload.class));
        });
    thread.close();
    check(original.equals(hash(instrumentation, Workload.class)), "close leaves the original");
  }

  /** Where a proof lacks information, a trial begins if the user says so, and for as long. */
  private static void observed() throws Exception {
    hash(instrumentation, Workload.class);
    ProofThread thread =
        Scenario.start(
            instrumentation,
            (proof, world, site) -> new Verdict.Refused("not loaded", List.of(), true));
    RewritingSettings proven = thread.settings();
    thread.nominate(Scenario.work());
    workUntil("refused", () -> is(thread, "work", SiteState.REFUSED));
    thread.settings(proven.withEvidence(PoolingEvidence.OBSERVED));
    workUntil("tried", () -> is(thread, "work", SiteState.TRIAL));
    check(site(thread, "work").reason().equals("observed without proof"), "told why");
    thread.settings(proven);
    workUntil("given up", () -> !is(thread, "work", SiteState.TRIAL));
    check(site(thread, "work").reason().equals("not proven: pooling.evidence"), "told why");
    thread.close();
  }

  /** What might be given back now and then, and never is, goes to the callers: they may do so. */
  private static void returned() throws Exception {
    hash(instrumentation, Workload.class);
    String original = hash(instrumentation, Workload.class);
    ProofThread thread =
        Scenario.start(
            instrumentation,
            (proof, world, site) ->
                new Verdict.Proven(
                    false, false, List.of(), Set.of(), null, Set.of(), Set.of(), false, true,
                    null));
    thread.nominate(Scenario.nomination(Workload.class, "fitted", "(I)[B"));
    byte[][] kept = new byte[8][];
    int[] calls = {0};
    workUntil(
        "refused for what its callers get",
        () -> {
          for (int i = 0; i < 100; i++) {
            byte[] buffer = Scenario.WORKLOAD.fitted(16384);
            check(buffer[0] == 0, "nobody else writes to what was returned");
            buffer[0] = 1;
            kept[calls[0]++ % kept.length] = buffer;
          }
          return is(thread, "fitted", SiteState.REFUSED);
        });
    for (byte[] buffer : kept) {
      check(buffer[0] == 1, "what was returned is the caller's");
    }
    String why = site(thread, "fitted").reason();
    check(why.startsWith("no gain") && why.endsWith("returned to the caller"), why);
    check(site(thread, "fitted").breaker() == Breaker.OPEN, "a site without gain rests");
    thread.close();
    check(original.equals(hash(instrumentation, Workload.class)), "close leaves the original");
  }
}

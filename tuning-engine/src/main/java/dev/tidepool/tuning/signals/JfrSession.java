package dev.tidepool.tuning.signals;

import dev.tidepool.rewriting.Nomination;
import dev.tidepool.rewriting.growth.Growables;
import dev.tidepool.tuning.Timeline;
import dev.tidepool.tuning.levers.DiagnosticCommand;
import dev.tidepool.tuning.levers.HotSpotActions;
import dev.tidepool.tuning.levers.HotSpotFlags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.management.JMException;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;

/** A running recording; loaded only where {@code jdk.jfr} is present. */
final class JfrSession implements JfrStream.Session {
  private static final String OWN_COLLECTIONS = HotSpotActions.class.getName() + ".";
  private static final String SAMPLE = "jdk.ObjectAllocationSample";
  private static final List<String> LISTENED =
      List.of(
          SAMPLE,
          "jdk.ZAllocationStall",
          "jdk.EvacuationFailed",
          "jdk.PromotionFailed",
          "jdk.SystemGC");
  private static final int MOST_CLASSES = 400;
  private static final int SHOWN_CLASSES = 20;
  private static final int MOST_FRAMES = 32;
  private static final int MOST_THREADS = 10_000;

  /** Of a kilobyte or four each, which the stream keeps. */
  private static final int MOST_SAMPLES = 1_000;

  private final RecordingStream stream;
  private final HotMethods hotMethods;
  private final HotMethods hotCallers;
  private final ByteSums<String> bytesByClass = new ByteSums<>(MOST_CLASSES);
  private final Set<Long> seenThreads = new HashSet<>();
  private final long newestThreadAtStart;
  private final Timeline timeline = new JfrTimeline();
  private final List<StackStep> steps = new ArrayList<>(MOST_FRAMES);

  private volatile int samples; // written by the stream's thread
  private int samplesBefore; // the chunk that is written now began
  private long sampledBytes;
  private long reportedBytes;
  private long primitiveArrayBytes;
  private long stalls;
  private Duration stallTime = Duration.ZERO;
  private Duration longestStall = Duration.ZERO;
  private final Pauses stallTimes = new Pauses();
  private final List<String> absent;
  private long evacuationFailures;
  private long systemGcs;
  private String systemGcCaller;
  private long lostBytes;

  /** Classes of objects whose array grows: whoever makes one may start it larger. */
  private final Set<String> growing = Growables.load().sourceNames();

  private volatile JfrSignals signals = JfrSignals.NONE;
  private volatile String failure;

  private JfrSession(
      RecordingStream stream, JfrSettings settings, Consumer<Nomination> nominations) {
    this.stream = stream;
    this.hotMethods = new HotMethods(settings.nominateBytes(), nominations);
    this.hotCallers = new HotMethods(settings.nominateBytes(), nominations, true);
    this.newestThreadAtStart = new Thread().getId();
    this.absent =
        absent(
            FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .map(EventType::getName)
                .collect(Collectors.toSet()));
  }

  /** Which of the events that are listened to are not among those there are. */
  static List<String> absent(Set<String> there) {
    return LISTENED.stream().filter(name -> !there.contains(name)).toList();
  }

  private static double second() {
    return System.nanoTime() / 1e9;
  }

  static JfrSession open(JfrSettings settings, Consumer<Nomination> nominations) {
    useLittleMemory();
    RecordingStream stream = new RecordingStream();
    try {
      JfrSession session = new JfrSession(stream, settings, nominations);
      session.configure(settings);
      session.listen();
      return session;
    } catch (RuntimeException | Error e) {
      stream.close();
      throw e;
    }
  }

  /**
   * The recorder takes ten megabytes for its buffers as it starts, for recordings of everything;
   * eight of the twenty do for a stream, and for most recordings beside it. Where somebody uses the
   * recorder already, or has said what it may take, it stays so.
   */
  private static void useLittleMemory() {
    boolean asked =
        HotSpotFlags.open()
            .read("FlightRecorderOptions")
            .filter(flag -> flag.value() != null && !flag.value().isEmpty())
            .isPresent();
    if (asked || FlightRecorder.isInitialized()) {
      return;
    }
    try {
      DiagnosticCommand.run("jfrConfigure", "globalbuffercount=8", "memorysize=4m");
    } catch (JMException | RuntimeException otherVm) {
      // then it takes what it takes
    }
  }

  /**
   * Starts on a daemon thread of ours: the stream's own thread is no daemon, and would keep a
   * program alive that has come to its end.
   */
  private void listen() {
    Thread listener = new Thread(null, this::run, "tidepool-jfr", 0, false);
    listener.setDaemon(true);
    listener.setContextClassLoader(null);
    listener.start();
  }

  private void run() {
    try {
      stream.start();
    } catch (Throwable e) {
      failure = e.toString();
    }
  }

  private void configure(JfrSettings settings) {
    stream.setReuse(true);
    stream.setOrdered(false);
    stream.setMaxAge(Duration.ofSeconds(10));
    stream.setMaxSize(16L << 20);

    stream.enable(SAMPLE).with("throttle", settings.samplesPerSecond() + "/s");
    // A recording that emits nothing leaks native memory (JDK-8335121): one cheap event stays on.
    stream.enable("jdk.CPULoad").withPeriod(Duration.ofSeconds(1));
    stream.enable("jdk.ZAllocationStall").withoutStackTrace();
    stream.enable("jdk.EvacuationFailed");
    stream.enable("jdk.PromotionFailed");
    stream.enable("jdk.SystemGC");
    stream.enable("jdk.DataLoss");

    // Without a handler of its own the stream prints what a handler throws on stderr.
    stream.onError(e -> failure = e.toString());
    stream.onEvent(SAMPLE, this::onSample);
    stream.onEvent("jdk.ZAllocationStall", this::onStall);
    stream.onEvent("jdk.EvacuationFailed", event -> evacuationFailures++);
    stream.onEvent("jdk.PromotionFailed", event -> evacuationFailures++);
    stream.onEvent("jdk.SystemGC", this::onSystemGc);
    stream.onEvent("jdk.DataLoss", event -> lostBytes += event.getLong("amount"));
    stream.onFlush(this::onFlush);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
  private void onSample(RecordedEvent event) {
    samples++;
    if (isFirstOfThread(event.getThread())) {
      return;
    }
    long weight = event.getLong("weight");
    RecordedClass type = event.getValue("objectClass");
    String name = type == null ? "" : type.getName();
    sampledBytes += weight;
    bytesByClass.add(name, weight);
    if (isPrimitiveArray(name)) {
      primitiveArrayBytes += weight;
      nominate(event.getStackTrace(), weight, true);
    } else if (name.startsWith("[L")) {
      nominate(event.getStackTrace(), weight, false);
    }
  }

  /**
   * The first weight of a thread that was there before the recording covers its whole history
   * (JDK-8307488); younger threads have none.
   */
  private boolean isFirstOfThread(RecordedThread thread) {
    if (thread == null || thread.getJavaThreadId() > newestThreadAtStart) {
      return false;
    }
    return seenThreads.size() < MOST_THREADS && seenThreads.add(thread.getJavaThreadId());
  }

  /** Arrays of references are no sites, but whoever made the list they are in may be one. */
  private void nominate(RecordedStackTrace trace, long weight, boolean primitive) {
    if (trace == null) {
      return;
    }
    steps.clear();
    for (RecordedFrame frame : trace.getFrames()) {
      RecordedMethod method = frame.getMethod();
      if (frame.isJavaFrame() && method != null && method.getType() != null) {
        steps.add(
            new StackStep(
                method.getType().getName(),
                method.getName(),
                method.getDescriptor(),
                frame.getBytecodeIndex(),
                frame.getLineNumber()));
      }
      if (steps.size() == MOST_FRAMES) {
        break;
      }
    }
    int near = NearCaller.find(steps);
    if (near >= 0 && (primitive || NearCaller.isCollection(steps.get(near)))) {
      if (primitive) {
        int user = NearCaller.findUser(steps, near);
        hotMethods.add(
            steps.get(near),
            NearCaller.through(steps, near - 1, growing),
            user < 0 ? null : steps.get(user),
            weight);
      }
      if (near > 0) {
        // from many lines, as a builder grows wherever something is appended
        hotCallers.add(
            steps.get(near).anywhere(), NearCaller.through(steps, near - 1, growing), weight);
      }
      List<String> through = NearCaller.through(steps, near, growing);
      for (int caller : NearCaller.callers(steps, near)) {
        hotCallers.add(steps.get(caller).anywhere(), through, weight);
      }
      int application = NearCaller.findApplication(steps, near);
      if (application >= 0) {
        hotCallers.add(steps.get(application).anywhere(), through, weight);
      }
    }
  }

  private static boolean isPrimitiveArray(String name) {
    return name.length() == 2 && name.charAt(0) == '[';
  }

  private void onStall(RecordedEvent event) {
    Duration stall = event.getDuration();
    stalls++;
    stallTime = stallTime.plus(stall);
    stallTimes.record(second(), 0, stall.toNanos() / 1_000);
    longestStall = stall.compareTo(longestStall) > 0 ? stall : longestStall;
  }

  private void onSystemGc(RecordedEvent event) {
    String caller = caller(event.getStackTrace());
    if (caller != null && caller.startsWith(OWN_COLLECTIONS)) {
      return; // the engine's emergency and its cycles on ZGC are no fault of the application
    }
    systemGcs++;
    systemGcCaller = caller == null ? systemGcCaller : caller;
  }

  private static String caller(RecordedStackTrace trace) {
    if (trace == null) {
      return null;
    }
    for (RecordedFrame frame : trace.getFrames()) {
      String type = frame.getMethod().getType().getName();
      if (!type.equals("java.lang.System") && !type.equals("java.lang.Runtime")) {
        return type + "." + frame.getMethod().getName();
      }
    }
    return null;
  }

  private void onFlush() {
    long second = System.nanoTime() / 1_000_000_000L;
    long bytes = sampledBytes - reportedBytes;
    reportedBytes = sampledBytes;
    hotMethods.report(second, bytes);
    hotCallers.report(second, bytes);
    signals =
        new JfrSignals(
            sampledBytes,
            primitiveArrayBytes,
            bytesByClass.heaviest(SHOWN_CLASSES),
            stalls,
            stallTime,
            longestStall,
            stallTimes.read(second()),
            evacuationFailures,
            systemGcs,
            systemGcCaller,
            lostBytes);
  }

  @Override
  public JfrSignals signals() {
    return signals;
  }

  @Override
  public List<String> absent() {
    return absent;
  }

  @Override
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** Fewer samples: what was hot from the start is known by now. */
  @Override
  public void slowDown() {
    stream.enable(SAMPLE).with("throttle", "30/s");
  }

  /**
   * Begins a new chunk, where much has been sampled in this one: the stream keeps every stack trace
   * that it has read for as long as the chunk lasts, which may be for hours, in megabytes that each
   * young collection copies until they are old. Only a recording that begins or ends has the
   * recorder do so; this one records nothing.
   */
  @Override
  public void renew() {
    if (samples - samplesBefore < MOST_SAMPLES) {
      return;
    }
    samplesBefore = samples;
    try (Recording empty = new Recording()) {
      empty.setName("tidepool, a new chunk");
      empty.start();
    }
  }

  @Override
  public Timeline timeline() {
    return timeline;
  }

  @Override
  public void close() {
    timeline.close();
    stream.close();
  }
}

package dev.tidepool.apps.load;

import dev.tidepool.apps.Catalogue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * The copy service without and with the agent in turn. Each process is measured twice, as fast as
 * it can and then at half of what the first run without the agent did: one warm-up serves both.
 */
final class CopyProof {
  /** Of its site. */
  static final String PLACE = "CopyService.copy";

  private static final double STEADY_SHARE = 0.5;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration MEASURE = Duration.ofSeconds(6);
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Duration SLICE = Duration.ofSeconds(1);

  /** For the code around the pooled buffers to be compiled anew. */
  private static final Duration SETTLE = Duration.ofSeconds(4);

  private final Plan plan;
  private final List<Figures> fullWithout = new ArrayList<>();
  private final List<Figures> fullWith = new ArrayList<>();
  private final List<Figures> steadyWithout = new ArrayList<>();
  private final List<Figures> steadyWith = new ArrayList<>();
  private final List<Activation> activations = new ArrayList<>();
  private double rate;

  private CopyProof(Jdk jdk, Collector collector) {
    plan = Plan.of(Catalogue.COPY, jdk, collector).lasting(WARM_UP, MEASURE);
  }

  /** Runs it. */
  static CopyProof run(Jdk jdk, Collector collector, int rounds)
      throws IOException, InterruptedException, ExecutionException {
    CopyProof proof = new CopyProof(jdk, collector);
    for (int round = 0; round < rounds; round++) {
      // the one that goes first changes, so that neither always finds the machine rested
      if (round % 2 == 0) {
        proof.without();
      }
      proof.with();
      if (round % 2 == 1) {
        proof.without();
      }
    }
    return proof;
  }

  private void without() throws IOException, InterruptedException {
    try (Running running = new Running(plan, Optional.empty())) {
      running.warmUp();
      measure(running, fullWithout, steadyWithout);
    }
  }

  private void with() throws IOException, InterruptedException, ExecutionException {
    SitesPage page = new SitesPage();
    Agent agent = Agent.built(Map.of("http", page.setting()));
    try (Running running = new Running(plan, Optional.of(agent))) {
      Activation active = Activation.await(() -> running.warmUp(SLICE), page, PLACE, PATIENCE);
      activations.add(active);
      Duration rest = WARM_UP.minusMillis((long) (active.seconds() * 1e3));
      running.warmUp(rest.compareTo(SETTLE) < 0 ? SETTLE : rest);
      measure(running, fullWith, steadyWith);
    }
  }

  private void measure(Running running, List<Figures> full, List<Figures> steady)
      throws IOException, InterruptedException {
    Figures fast = running.measure();
    full.add(fast);
    rate = rate == 0 ? fast.get(Measure.THROUGHPUT) * STEADY_SHARE : rate;
    steady.add(running.measure(rate));
  }

  /** As many requests as it can. */
  Comparison full() {
    return new Comparison(plan, fullWithout, fullWith, List.of());
  }

  /** As many requests with the agent as without. */
  Comparison steady() {
    return new Comparison(plan.at(rate), steadyWithout, steadyWith, List.of());
  }

  /** Whether its site was active in every run with the agent before it was measured. */
  boolean active() {
    return activations.stream().allMatch(Activation::reached);
  }
}

package dev.tidepool.agent.jmx;

import dev.tidepool.agent.view.Documents;
import dev.tidepool.agent.view.Json;
import dev.tidepool.agent.work.Operations;
import dev.tidepool.agent.work.Parts;
import dev.tidepool.agent.work.Refusal;
import dev.tidepool.pools.Pressure;
import dev.tidepool.rewriting.SiteReport;
import dev.tidepool.tuning.Comparison;
import dev.tidepool.tuning.Snapshot;
import java.util.List;
import java.util.function.Supplier;

/** The beans' answers, all of them from the same parts and operations as everywhere else. */
final class Beans {
  private Beans() {}

  record AgentBean(
      Documents documents,
      Parts parts,
      Operations operations,
      Supplier<String> http,
      Runnable detaching)
      implements AgentMXBean {
    @Override
    public String getVersion() {
      return documents.version();
    }

    @Override
    public String getMode() {
      return operations.mode();
    }

    @Override
    public String getCollector() {
      return documents.collector();
    }

    @Override
    public double getUptimeSeconds() {
      return documents.uptimeSeconds();
    }

    @Override
    public String getHttp() {
      return http.get();
    }

    @Override
    public List<String> getNotes() {
      return parts.notes();
    }

    @Override
    public String status() {
      return Json.text(documents.status());
    }

    @Override
    public String doctor() {
      return Json.text(documents.doctor());
    }

    @Override
    public String report() {
      return Json.text(documents.report());
    }

    @Override
    public String set(String key, String value) {
      return answer(() -> operations.set(key, value));
    }

    @Override
    public void detach() {
      detaching.run();
    }
  }

  record PoolsBean(Parts parts) implements PoolsMXBean {
    @Override
    public long getHits() {
      return parts.pools().stats().hits();
    }

    @Override
    public long getMisses() {
      return parts.pools().stats().misses();
    }

    @Override
    public double getHitRatio() {
      return parts.pools().stats().hitRatio();
    }

    @Override
    public long getBytes() {
      return parts.pools().stats().heldBytes();
    }

    @Override
    public long getLentBytes() {
      return parts.pools().stats().lentBytes();
    }

    @Override
    public long getBudgetBytes() {
      return parts.pools().stats().budgetBytes();
    }

    @Override
    public long getTrimmedBytes() {
      return parts.pools().stats().trimmedBytes();
    }

    @Override
    public long getBytesSaved() {
      return parts.rewriting().stats().bytesSaved();
    }

    @Override
    public long trim() {
      return parts.pools().trim(Pressure.CRITICAL);
    }
  }

  record SitesBean(Documents documents, Parts parts, Operations operations) implements SitesMXBean {
    @Override
    public int getActive() {
      return parts.rewriting().stats().active();
    }

    @Override
    public int getRefused() {
      return parts.rewriting().stats().refused();
    }

    @Override
    public int getTrial() {
      return parts.rewriting().stats().trial();
    }

    @Override
    public List<SiteRow> getSites() {
      List<SiteReport> sites = parts.rewriting().sites();
      return sites.stream().map(SiteRow::new).toList();
    }

    @Override
    public String sites() {
      return Json.text(documents.sites());
    }

    @Override
    public String why(String site) {
      return answer(() -> Json.text(Documents.site(operations.site(site))));
    }

    @Override
    public String revert(String site) {
      return answer(() -> operations.revert(site));
    }
  }

  record TuningBean(Documents documents, Parts parts, Operations operations)
      implements TuningMXBean {
    private Snapshot now() {
      return parts.tuning().latest();
    }

    @Override
    public String getPressureLevel() {
      return parts.tuning().pressure().level().name();
    }

    @Override
    public double getPressureRatio() {
      return parts.tuning().pressure().ratio();
    }

    @Override
    public String getPressureCause() {
      return parts.tuning().pressure().cause();
    }

    @Override
    public double getGcCpuRatio() {
      return now().gc().cpuRatio();
    }

    @Override
    public long getHeapLiveBytes() {
      return now().heap().liveBytes();
    }

    @Override
    public long getHeapTargetBytes() {
      return now().heap().targetBytes();
    }

    @Override
    public long getContainerLimitBytes() {
      return now().container().limitBytes();
    }

    @Override
    public long getContainerWorkingSetBytes() {
      return now().container().workingSetBytes();
    }

    @Override
    public long getFlagWrites() {
      return parts.tuning().flagWrites();
    }

    @Override
    public long getDecisionCount() {
      return parts.tuning().decisionCount();
    }

    @Override
    public List<LeverRow> getLevers() {
      return parts.tuning().levers().stream().map(LeverRow::new).toList();
    }

    @Override
    public String decisions() {
      return Json.text(documents.decisions());
    }

    @Override
    public String setLever(String name, String value) {
      return answer(() -> operations.moveLever(name, value));
    }

    @Override
    public String compare(String wanted) {
      return answer(() -> operations.compare(wanted));
    }

    @Override
    public String getComparison() {
      return parts.tuning().comparison().map(Comparison.Result::summary).orElse("");
    }

    @Override
    public String lookForLeaks(String seconds) {
      return answer(() -> operations.lookForLeaks(seconds));
    }

    @Override
    public String flags() {
      return parts.tuning().flags();
    }
  }

  record AdviceBean(Documents documents, Parts parts) implements AdviceMXBean {
    @Override
    public List<AdviceRow> getAdvice() {
      return parts.advice().stream().map(AdviceRow::new).toList();
    }

    @Override
    public String advise() {
      return Json.text(documents.advice());
    }
  }

  /** An operation that may be refused. */
  private interface Refusable {
    String call() throws Refusal;
  }

  /** A refusal reaches the other side as an exception every client has the class of. */
  private static String answer(Refusable operation) {
    try {
      return operation.call();
    } catch (Refusal no) {
      throw new IllegalArgumentException(no.getMessage());
    }
  }
}

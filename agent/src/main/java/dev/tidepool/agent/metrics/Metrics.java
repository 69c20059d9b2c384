package dev.tidepool.agent.metrics;

import dev.tidepool.agent.work.Parts;
import io.micrometer.common.util.internal.logging.InternalLogger;
import io.micrometer.common.util.internal.logging.InternalLoggerFactory;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.reflect.Proxy;
import java.util.List;

/** All meters in one registry, read as Prometheus text. */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry;
  private final PoolMetrics pools;
  private final SiteMetrics sites;
  private final GcMetrics gc;
  private final DecisionMetrics decisions;
  private final AgentMetrics agent = new AgentMetrics();

  public Metrics(Parts parts) {
    InternalLoggerFactory.setDefaultFactory(new Silence());
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    pools = new PoolMetrics(parts.pools(), parts.rewriting());
    sites = new SiteMetrics(parts.rewriting());
    gc = new GcMetrics(parts.tuning());
    decisions = new DecisionMetrics(parts.tuning());
    List<MeterBinder> all =
        List.of(pools, sites, new MemoryMetrics(parts.tuning()), gc, decisions, agent);
    all.forEach(binder -> binder.bindTo(registry));
  }

  /** The metrics as of now, as Prometheus text. */
  public synchronized String text() {
    pools.refresh(registry);
    sites.refresh();
    decisions.refresh(registry);
    agent.refresh();
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  /**
   * Loggers that say nothing: Micrometer's own choice would start java.util.logging, perhaps before
   * the application has said which log manager it wants.
   */
  private static final class Silence extends InternalLoggerFactory {
    @Override
    protected InternalLogger newInstance(String name) {
      return (InternalLogger)
          Proxy.newProxyInstance(
              InternalLogger.class.getClassLoader(),
              new Class<?>[] {InternalLogger.class},
              (proxy, method, arguments) -> {
                if (method.getReturnType() == boolean.class) {
                  return false;
                }
                return method.getReturnType() == String.class ? name : null;
              });
    }
  }
}

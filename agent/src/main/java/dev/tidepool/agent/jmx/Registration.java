package dev.tidepool.agent.jmx;

import dev.tidepool.agent.log.Log;
import dev.tidepool.agent.view.Documents;
import dev.tidepool.agent.work.Operations;
import dev.tidepool.agent.work.Parts;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** The beans in the platform's server, until closed. */
public final class Registration implements AutoCloseable {
  private static final String DOMAIN = "dev.tidepool";

  private final MBeanServer server;
  private final Log log;
  private final List<ObjectName> names = new ArrayList<>();

  private Registration(MBeanServer server, Log log) {
    this.server = server;
    this.log = log;
  }

  /**
   * Registers all beans. Creates the platform's MBean server where the application has not done so:
   * not to be called before the application had its chance to choose one.
   *
   * @param http address of the HTTP port, empty where there is none
   * @param detach asks the agent to go
   * @throws JMException if a bean of that name is there already; none is registered then
   */
  public static Registration of(
      Documents documents,
      Parts parts,
      Operations operations,
      Supplier<String> http,
      Runnable detach,
      Log log)
      throws JMException {
    Registration registration = new Registration(ManagementFactory.getPlatformMBeanServer(), log);
    try {
      registration.add(
          "Agent",
          new Beans.AgentBean(documents, parts, operations, http, detach),
          AgentMXBean.class);
      registration.add("Pools", new Beans.PoolsBean(parts), PoolsMXBean.class);
      registration.add(
          "Sites", new Beans.SitesBean(documents, parts, operations), SitesMXBean.class);
      registration.add(
          "Tuning", new Beans.TuningBean(documents, parts, operations), TuningMXBean.class);
      registration.add("Advice", new Beans.AdviceBean(documents, parts), AdviceMXBean.class);
      return registration;
    } catch (JMException | RuntimeException taken) {
      registration.close();
      throw taken;
    }
  }

  private <T> void add(String type, T bean, Class<T> as) throws JMException {
    ObjectName name = new ObjectName(DOMAIN + ":type=" + type);
    server.registerMBean(new StandardMBean(bean, as, true), name);
    names.add(name);
  }

  @Override
  public void close() {
    for (ObjectName name : names) {
      try {
        server.unregisterMBean(name);
      } catch (InstanceNotFoundException gone) {
        // what was wanted
      } catch (JMException | RuntimeException kept) {
        log.failed("could not unregister " + name, kept);
      }
    }
    names.clear();
  }
}

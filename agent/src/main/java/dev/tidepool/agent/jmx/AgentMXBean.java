package dev.tidepool.agent.jmx;

import java.util.List;

/** {@code dev.tidepool:type=Agent}. */
public interface AgentMXBean {
  String getVersion();

  String getMode();

  String getCollector();

  double getUptimeSeconds();

  /** Address of the HTTP port, empty where there is none. */
  String getHttp();

  /** What does not work in this virtual machine and why. */
  List<String> getNotes();

  /** The status document as JSON. */
  String status();

  /** What can be done in this virtual machine, as JSON. */
  String doctor();

  /** The whole report as JSON. */
  String report();

  /** Sets a key or moves a lever; answers with what holds now. */
  String set(String key, String value);

  /** Undoes everything and ends the agent. */
  void detach();
}

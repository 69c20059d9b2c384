/**
 * What the virtual machine and the container say about themselves.
 *
 * <p>Every source is optional: where one is missing (no {@code jdk.jfr} module, no cgroup files, a
 * collector without a bean) the source names what is missing in one line and the others go on. The
 * slow, detailed loop is one JFR stream; the fast loop is the collectors' own notifications; the
 * rest is read from files and beans once a second.
 */
package dev.tidepool.tuning.signals;

/**
 * The parts at work in this virtual machine and what can be asked of them.
 *
 * <p>{@link dev.tidepool.agent.work.Parts} starts them from the settings and undoes them; {@link
 * dev.tidepool.agent.work.Operations} is the one list of things a user can do, which the command
 * line, JMX and HTTP all call.
 */
package dev.tidepool.agent.work;

/**
 * The agent's two doors, the control socket and the HTTP port, served by the agent's own thread.
 *
 * <p>One selector, one request per connection, one answer, closed: no thread is added and nothing
 * of the JDK is started that the application may want to configure first, as the JDK's own HTTP
 * server would do by logging. A request that is too long or too slow is cut off, so that no client
 * can hold the agent up.
 */
package dev.tidepool.agent.serve;

/**
 * All that the application's class loaders ever see of the agent.
 *
 * <p>The entry points the virtual machine and the {@code java -jar} launcher call, and the class
 * loader that reads everything else from a folder of the same jar. Nothing here may cost start-up
 * time: no lambda, no string concatenation, no logging, no file system API, only what any program
 * has loaded already.
 */
package dev.tidepool.agent.boot;

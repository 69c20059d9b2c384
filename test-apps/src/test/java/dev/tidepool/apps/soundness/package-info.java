/**
 * Code that treats its buffers in every unkind way, run under the real agent.
 *
 * <p>Each case checks its own data: whoever keeps a buffer remembers what was in it and looks again
 * later. A pooled buffer handed out a second time too early shows as a wrong byte.
 */
package dev.tidepool.apps.soundness;

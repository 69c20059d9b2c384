/**
 * From what was seen over minutes and hours to what a person should know or set.
 *
 * <p>An advice carries its numbers, the setting, the effect to expect and how sure it is. What can
 * be set at the next start is also written as an argument file.
 */
package dev.tidepool.tuning.advice;

/** The count of large arrays, and what is made of it. */
package dev.tidepool.apps.coverage;

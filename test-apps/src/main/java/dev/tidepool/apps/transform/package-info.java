/** XML through style sheets: Saxon. */
package dev.tidepool.apps.transform;

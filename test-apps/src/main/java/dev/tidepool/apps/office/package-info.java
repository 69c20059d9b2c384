/** Office documents through Apache POI. */
package dev.tidepool.apps.office;

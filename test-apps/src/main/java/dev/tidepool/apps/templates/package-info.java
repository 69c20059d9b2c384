/** Pages from templates: FreeMarker. */
package dev.tidepool.apps.templates;

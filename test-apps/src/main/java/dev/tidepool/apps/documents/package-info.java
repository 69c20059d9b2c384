/** PDFBox. */
package dev.tidepool.apps.documents;

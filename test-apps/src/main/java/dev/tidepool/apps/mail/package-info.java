/** Letters with attachments: Angus Mail. */
package dev.tidepool.apps.mail;

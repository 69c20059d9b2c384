/** Programs made to show one figure each. */
package dev.tidepool.apps.synthetic;

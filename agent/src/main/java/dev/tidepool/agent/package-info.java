/**
 * The one file a user needs: started by the virtual machine or attached to it, it wires the parts
 * together and shows them.
 */
package dev.tidepool.agent;

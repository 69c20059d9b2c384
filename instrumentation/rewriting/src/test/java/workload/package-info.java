/** Stands for an application: nothing under the agent's own package is ever rewritten. */
package workload;

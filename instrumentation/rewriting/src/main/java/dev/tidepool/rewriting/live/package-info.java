/**
 * The life of sites in a running virtual machine.
 *
 * <p>A transformer sees every class before it is defined. At load it is only a filter: it reads the
 * names of the class and of what the class extends straight from the constant pool and asks whether
 * any proof rests on one of them; if so the sites of that proof are shut before the class exists.
 * Everything slow happens on one thread: reading classes, proving, having classes rewritten in
 * batches, watching trials, and taking back what gains nothing. Loaders are never held strongly.
 */
package dev.tidepool.rewriting.live;

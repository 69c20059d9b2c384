/**
 * Objects whose array grows with what is put into them, and where such an array should start.
 *
 * <p>A {@code ByteArrayOutputStream} that ends at 300 KB has allocated 32 bytes, 64 bytes and so on
 * up to 512 KB by then: a megabyte and more. Where nobody can tell how large the array was made,
 * starting at the size that a site's objects reach saves all arrays but one. Which classes are
 * known, how they grow and who can tell is a reviewed list, {@code growables.txt}; what a site's
 * objects reach is learned ({@link dev.tidepool.rewriting.growth.SizeWindow}); where they should
 * start is a sum over what was learned ({@link dev.tidepool.rewriting.growth.StartChoice}).
 *
 * <p>Why it is sound: a capacity is not part of what these classes promise, and the list names only
 * those in which no method returns it, no serialized form holds it and no other class of the same
 * package reads it; where one does, as {@code StringBuilder.capacity()} does, only objects that
 * their method keeps to itself are started elsewhere. A site makes exactly the class named, so no
 * subclass reads a protected array. No lifetime is proven, since the objects stay what they are.
 * Nor may a start be what brings a program down: none is above a small part of the heap, however
 * large most objects become, and where memory is short all start as the code says.
 */
package dev.tidepool.rewriting.growth;

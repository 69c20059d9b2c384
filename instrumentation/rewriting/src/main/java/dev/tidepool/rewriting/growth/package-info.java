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
 * their method keeps to itself are started elsewhere, or a {@code StringWriter} that nobody asks
 * for its builder. A site makes exactly the class named, so no subclass reads a protected array. No
 * lifetime is proven, since the objects stay what they are.
 *
 * <p>A start may cost some objects more than the code by itself would: never more than one in
 * twenty of those seen, and all of these together at most a tenth of what the others gain. None at
 * all would leave every site as it is that makes now and then a small object. The sizes are kept
 * one by one, the newest 256, and not as a histogram: a start is judged by what each object would
 * have cost, and half-forgotten buckets would tell neither that nor that the sizes have moved.
 *
 * <p>Left out: {@code LinkedHashMap}, whose serialized form holds the length of its table; and
 * streams that keep a list of arrays, as Commons IO's do, for the borders between the arrays show
 * in what is written and read from them, and nothing is copied when they grow.
 *
 * <p>Nor may a start be what brings a program down: none is above a small part of the heap, however
 * large most objects become, and where memory is short all start as the code says.
 */
package dev.tidepool.rewriting.growth;

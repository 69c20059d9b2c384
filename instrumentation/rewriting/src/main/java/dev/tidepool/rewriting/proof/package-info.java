/**
 * Proves that an array made at a site cannot be reached once its method is done with it.
 *
 * <p>Every local and stack slot holds a set of origins (the site, an argument, an object that holds
 * the site's array, anything else). A fixpoint over the method's code finds every instruction an
 * origin flows into; an instruction that lets it out is an escape, a call is judged by a summary of
 * what it may run. What cannot be known at proof time but can at call time, the class of a
 * receiver, becomes a guard. Anything not understood is an escape, and its reason is the text the
 * user reads.
 *
 * <p>Why an owner's arrays may be given back: the owner itself is followed as an array would be, by
 * every method that ever sees it, so every array that comes to stand in one of its fields was seen
 * being put there. An array is its own if it was made where it is put, for this one owner, and is
 * put nowhere else: by one instruction, into one field, once between two makings. From then on both
 * share one fate, and what lets the array out lets the owner out. A field with any other put is not
 * given back; where one is written without its name being known, none is. A field that holds
 * anything but a primitive array leads away from the owner, unless something that leads back was
 * put there; then the proof starts again and follows what is read from it.
 *
 * <p>Why an array may be given back when its class replaces it in a field: no other code touches
 * the field, by its name or a handle; one lock of the object is held wherever it is touched and as
 * long as what was read there may be used; all that is put there was made for that, and the array
 * is let out by calls only, each of which is known. So who replaces it has it alone, but for those
 * calls.
 *
 * <p>Why the memory of a direct buffer may be ended when its method leaves: it lives as long as the
 * buffer can be reached, by itself or by a view of it, and each view holds what it was made of. The
 * buffer is followed as any owner is; once nobody can reach it nobody may use its memory, wherever
 * its address, a number, may stand. A phantom reference, by which the JDK learns that it is dead,
 * gives it to nobody.
 *
 * <p>Why an object may be made by a call: a static method of the JDK that makes one object of a
 * known class and does nothing with it but return it, as a flow through it shows, is to its caller
 * what a constructor is ({@link dev.tidepool.rewriting.proof.Factories}).
 *
 * <p>Why a coder's buffer may be given back when its reader or writer is closed: see {@link
 * dev.tidepool.rewriting.proof.Coders}, of which the part about locks is reviewed, not proven.
 *
 * <p>Why the result of a call may be given back: of every method that the call may run it is proven
 * that what it returns was made in it, or by a call of which the same is proven, and that nothing
 * else has it, by whatever name: what a call was given and may return goes by both names. Where
 * that is up to the class of an object, as with {@code readAllBytes()} of a stream, the object is
 * asked as for any array that it is handed: before the call, and after it once more, since what it
 * wraps may be another by then. The variable that gives the array back stays empty unless both say
 * yes.
 *
 * <p>Why nobody has to be asked behind a field that is null: in a class of the JDK nothing but its
 * constructors writes the field, so it stays null once the object is made, and who can call an
 * object's methods was given it after that.
 *
 * <p>Why a compressor may be handed an array although it keeps it in a field: it reads nothing of
 * it any more once its {@code needsInput()} has said true, and each way from the loan to a normal
 * return leads through that answer, as the code at hand shows; no loaded class changes what is
 * asked or whom ({@link dev.tidepool.rewriting.proof.Lending}). A call that throws leaves the rest
 * to be read later, so an array may be "kept on throw". That goes up from method to method like an
 * escape. Where a method may return although such a call has thrown it is one; where the throw
 * leaves the method, its caller is told instead; and in the method of the site the variable that
 * would give the array back is empty as long as the call is under way. What a receiver is let pass
 * for includes being kept on throw, so each call behind a guard counts as one that may; a caller
 * that goes on after the throw asks the receiver, and whatever that wraps, for more.
 *
 * <p>Why an array may stand in a container: an {@code ArrayList} made in the method, of exactly
 * known class, is followed as any object is that comes to hold the array, and so are its iterators;
 * only that {@code add} puts its argument into the list and nowhere else is taken on trust. What
 * lets the container out lets its arrays out, and what is read from it is all of them. Whether an
 * array of a former round is still alive is asked of everything that leads to one.
 *
 * <p>Why an array may be given back by a method that sometimes returns it: a primitive array leads
 * to nothing, so where the method returns one, or null, that is the site's array itself or has
 * nothing to do with it, and comparing two references tells which. Returned in any other way, as an
 * object that may lead to it, it is let out. A site from which every way ends with its array being
 * returned has nothing to give back, and is refused.
 *
 * <p>Why an array may come from the pool as it was left there: the gate makes the copy of {@code
 * Arrays.copyOf} itself, and writes every element of it; or the code behind the site does so, by a
 * call that copies as many elements into the array as it was made with, before anything else is
 * done with it. Which elements are read is not followed beyond that: no proof excuses an array
 * where {@code n = in.read(buf)} is followed by {@code out.write(buf, 0, n)} alone. A stream that
 * writes behind {@code n} or says more than it has written would show what the use before has left,
 * and whether it does so is not told by a class's contract.
 *
 * <p>A guard that says no drops what the frame has by then. Something that might come to hold an
 * array made afterwards must therefore not be handed over by a guarded call, unless it is forgotten
 * before the site is reached.
 */
package dev.tidepool.rewriting.proof;

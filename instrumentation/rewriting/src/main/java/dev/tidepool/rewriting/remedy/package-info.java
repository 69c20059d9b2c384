/**
 * What is done at a site, and how a class file is rewritten for it.
 *
 * <p>A class is always rewritten from its original bytes and the whole list of plans for it, so the
 * result depends on nothing else and undoing a plan is leaving it out. Fields, methods, frames,
 * line numbers and variable tables stay; methods without a plan are copied byte for byte. A local
 * variable of the agent's own, behind all others, holds each pooled array until the method leaves.
 *
 * <p>Drawing an array needs no proof: it has the length asked for, reads as zero to every thread,
 * and is nobody else's; where nobody gives it back the collector takes it. Giving back needs one,
 * and is done in the method of which it was proven: the arrays an owner has when the method leaves,
 * and those it had when it was closed there, each once. That the owner is shown to somebody
 * unproven empties the variable that holds it, and a new owner forgets what the one before had. A
 * call that may keep the array where it throws runs with the variable empty. Where arrays of former
 * rounds may live on in something that the method has made, the variable keeps all of them, up to a
 * bound, for the frame must not be what keeps memory alive; each was drawn once and is in it once,
 * so each is given back once. The one that the method returns is left out: it is the caller's, who
 * may give it back in turn. Copies are drawn only where the JDK's own method would make one; all
 * else, every exception too, is left to that method. Why growing objects may start elsewhere is
 * told in {@link dev.tidepool.rewriting.growth}.
 *
 * <p>What a class replaces in a field of its objects goes to the pool where the class, as proven,
 * holds a lock there under which alone the field is touched. Not proven but seen at run time is who
 * else has the array: it is not given back while a call that was handed it is under way, for the
 * object may be used again from within; nor ever, if that call threw, or its receiver may keep what
 * it is handed; nor if it was in the field before all this code was there, since nobody knows what
 * was done with it; nor in objects of classes below, which may do with it what they like. So the
 * gate knows each such array from the draw on ({@code FieldArrays}), and one it does not know is
 * the collector's. An owner that dies with its method gives back what it has then, but leaves to
 * this what it had before it was closed.
 *
 * <p>{@code StringBuffer} is none of these classes, for all its locks: {@code compareTo(other)}
 * reads the other one's array without that one's lock, in the class above both, so whoever replaces
 * the array under the lock does not have it alone.
 *
 * <p>The coder behind a reader or writer never lets go of its buffer, but is told when it is
 * closed. The array is drawn where the buffer is made, known and lent as above, and goes back
 * there; the coder gets an empty buffer in its place, under its lock, so that nothing it may still
 * do reaches the array. Where a stream or character set has the array in hand at that moment, since
 * it closed its own reader from within, nothing is done at all.
 *
 * <p>The memory of a direct buffer that dies with its method is freed there as its cleaner would
 * free it, or kept where direct memory is recycled: taken out of the JDK's list of cleaners, which
 * one taker can do, and then what the cleaner was to run is run.
 *
 * <p>A library that hands its arrays back, to a class of its own that throws them away, has said
 * when they are used no more; they go to the pool in place of nowhere. Nothing is proven of their
 * life: the library's documentation is taken at its word, as its own cache does where the user
 * switches it on ({@code handbacks.txt}). That is no proof: a stream that one thread closes while
 * another reads from it hands back what the other still writes to. So it is done only where {@code
 * pooling.evidence=observed} says that such a word is enough. Only what the same class has drawn is
 * taken in, from an object of exactly that class, and once.
 *
 * <p>A builder of text that stays in its method ({@link dev.tidepool.rewriting.proof.BuilderProof})
 * is made without room and given an array from the pool at once: what makes its arrays is what the
 * gate stands on, and never rewritten. Before the call of the gate nobody has the builder but the
 * method, so the array is put where the class would have put its own. It may be longer than the
 * code says, since nobody can ask, and need not be cleared, since nothing behind the text is read
 * before it is written. When the builder dies whatever array it has by then goes back. A capacity
 * below zero, and memory that does not suffice, are left to the class itself.
 *
 * <p>Native memory is recycled in the JDK's own classes, where it is made and where it is freed
 * ({@link dev.tidepool.rewriting.remedy.NativePlaces}). No escape proof is needed: the JDK frees
 * the memory at the one moment from which nobody can reach it, by {@code end()}, by the cleaner or
 * by the reference handler, and only there, instead of being freed, it is kept. What it must be
 * when it is used again is made so by the JDK too: a direct buffer is cleared in its constructor, a
 * compressor is reset as {@code reset()} documents it. Each place is known instruction by
 * instruction; in a JDK that has it otherwise nothing is rewritten. When one of the places cannot
 * be rewritten, or no longer, the site's row is shut before the class is defined. A program that
 * goes on using a buffer after having cleaned it by {@code Unsafe.invokeCleaner} writes into memory
 * of others with this remedy as without it.
 */
package dev.tidepool.rewriting.remedy;

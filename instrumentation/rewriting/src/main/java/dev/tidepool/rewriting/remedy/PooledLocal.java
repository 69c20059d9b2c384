package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.site.Verdict;
import org.objectweb.asm.tree.IntInsnNode;

/** A site to be pooled in the method at hand. */
record PooledLocal(int site, int type, IntInsnNode newarray, Verdict.Proven proven) {}

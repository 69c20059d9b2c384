package dev.tidepool.rewriting;

import dev.tidepool.rewriting.site.Breaker;
import dev.tidepool.rewriting.site.SiteState;
import java.util.List;

/**
 * What outsiders see of a site; one element of the JSON answer to the verb of that name.
 *
 * @param site short stable id, the same over restarts while class, method and offset are the same
 * @param className with dots
 * @param allocates what is made: {@code byte[]}, or a class with dots
 * @param line source line or -1
 * @param breaker whether it may act after what it did before
 * @param remedy name of the remedy in force or planned, or null
 * @param verdictKind {@code proven}, {@code refused} or {@code pending}
 * @param reason why refused, reverted or waiting; empty where there is nothing to say
 * @param bytesPerSecond counted, or made out from samples
 * @param bytes all that was counted here so far
 * @param growsFrom bytes of the array that objects made here start with, where they grow; else 0
 * @param growsTo bytes that they had better start with; 0 where they do not grow or it is not known
 * @param sampled whether the rate is made out from samples, and so holds on average only
 * @param madeFor whose call most of it is made for, where samples told; else null
 */
public record SiteReport(
    String site,
    String className,
    String method,
    String descriptor,
    int bytecodeIndex,
    int line,
    String allocates,
    SiteState state,
    Breaker breaker,
    String remedy,
    String verdictKind,
    String reason,
    List<String> path,
    double bytesPerSecond,
    long allocations,
    long hits,
    long misses,
    long bytesSaved,
    long bytes,
    long growsFrom,
    long growsTo,
    boolean sampled,
    StackTraceElement madeFor) {}

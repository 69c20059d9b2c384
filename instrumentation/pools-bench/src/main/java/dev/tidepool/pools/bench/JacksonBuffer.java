package dev.tidepool.pools.bench;

import com.fasterxml.jackson.core.util.BufferRecycler;

/** A byte array together with the recycler it goes back to. */
@SuppressWarnings("ArrayRecordComponent") // a pair to carry, never compared
record JacksonBuffer(BufferRecycler recycler, byte[] bytes) {}

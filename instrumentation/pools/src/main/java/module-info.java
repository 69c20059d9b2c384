/** Pools of buffers and objects that never make anybody wait and never keep more than allowed. */
module dev.tidepool.pools {
  exports dev.tidepool.pools;
}

package dev.tidepool.rewriting.remedy;

/** A treatment that changes where the bytes come from. */
public sealed interface Remedy extends Treatment
    permits PoolLocal,
        PoolOwned,
        Draw,
        Presize,
        RecycleOutgrown,
        RecycleHandedBack,
        RecycleNative,
        RecycleDirect {
  /** As shown to people: {@code PoolLocal}. */
  String name();
}

/**
 * Signals become pressure, pressure becomes decisions, decisions are measured.
 *
 * <p>Once a second the machine's state is put into one immutable snapshot; a pure function of
 * snapshots decides which lever to move; the ledger keeps each decision with the effect it had.
 */
package dev.tidepool.tuning;

package dev.tidepool.tuning;

/**
 * A lever as seen from outside.
 *
 * @param name of the VM flag or the action
 * @param value now, as the VM shows it
 * @param original what it was before the engine came
 * @param active whether the engine has moved it
 * @param least smallest value it takes, -1 where it is no number
 * @param most largest value it takes
 * @param blocked why it cannot be moved automatically; empty where it can
 */
public record LeverState(
    String name,
    String value,
    String original,
    boolean active,
    long least,
    long most,
    String blocked) {}

package dev.tidepool.tuning;

/**
 * Something a person should know or change.
 *
 * @param id stable word: {@code heap-too-large}
 * @param title one line: what is wrong
 * @param evidence the numbers it rests on
 * @param action what to set or do
 * @param effect what to expect of it
 * @param confidence 0..1
 */
public record Advice(
    String id, String title, String evidence, String action, String effect, double confidence) {}

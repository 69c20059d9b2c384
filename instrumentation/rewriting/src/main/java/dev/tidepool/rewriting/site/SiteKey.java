package dev.tidepool.rewriting.site;

/**
 * One allocation instruction of one method of one loaded class version.
 *
 * @param bytecodeIndex offset of the instruction in the method's original code, as JFR and javap
 *     give it
 */
public record SiteKey(MethodKey method, int bytecodeIndex) {

  @Override
  public String toString() {
    return method + "@" + bytecodeIndex;
  }
}

package dev.tidepool.rewriting.remedy;

import dev.tidepool.rewriting.site.Verdict;
import java.util.List;

/**
 * The array that a class has in a field goes to the pool when the class puts another, or null, in
 * its place.
 *
 * @param uses what one method has to do with the field
 */
public record RecycleOutgrown(Verdict.Field field, List<Verdict.FieldUse> uses) implements Remedy {
  public static final String NAME = "RecycleOutgrown";

  public RecycleOutgrown {
    uses = List.copyOf(uses);
  }

  @Override
  public String name() {
    return NAME;
  }
}

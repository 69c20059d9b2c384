package dev.tidepool.agent.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a part of a document must look like. */
@FunctionalInterface
interface Shape {
  Shape TEXT = (place, value) -> assertThat(value).as(place).isInstanceOf(String.class);
  Shape TRUTH = (place, value) -> assertThat(value).as(place).isInstanceOf(Boolean.class);
  Shape NUMBER = (place, value) -> assertThat(value).as(place).isInstanceOf(Number.class);
  Shape WHOLE =
      (place, value) ->
          assertThat(value).as(place).isInstanceOfAny(Integer.class, Long.class, BigInteger.class);

  /**
   * Compares.
   *
   * @param place where in the document the value is, to be told of when it is wrong
   * @throws AssertionError if the value does not look like this
   */
  void require(String place, Object value);

  static Shape orNull(Shape shape) {
    return (place, value) -> {
      if (value != null) {
        shape.require(place, value);
      }
    };
  }

  static Shape either(Shape one, Shape other) {
    return (place, value) -> {
      try {
        one.require(place, value);
      } catch (AssertionError notThis) {
        other.require(place, value);
      }
    };
  }

  static Shape list(Shape element) {
    return (place, value) -> {
      assertThat(value).as(place).isInstanceOf(List.class);
      List<?> list = (List<?>) value;
      for (int i = 0; i < list.size(); i++) {
        element.require(place + "[" + i + "]", list.get(i));
      }
    };
  }

  /** Exactly these fields in this order. */
  static Shape object(Object... namesAndShapes) {
    Map<String, Shape> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndShapes.length; i += 2) {
      fields.put((String) namesAndShapes[i], (Shape) namesAndShapes[i + 1]);
    }
    return (place, value) -> {
      assertThat(value).as(place).isInstanceOf(Map.class);
      Map<?, ?> map = (Map<?, ?>) value;
      assertThat(List.<Object>copyOf(map.keySet()))
          .as(place)
          .isEqualTo(List.copyOf(fields.keySet()));
      fields.forEach((name, shape) -> shape.require(place + "." + name, map.get(name)));
    };
  }
}

package dev.tidepool.apps.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.io.IOException;
import java.util.SplittableRandom;

/** Takes an order as JSON, prices it, answers as JSON. Jackson recycles its own buffers. */
public final class JsonService implements App {
  private final ObjectMapper mapper = new ObjectMapper();

  @Override
  public long operate(long seed) throws IOException {
    byte[] request = mapper.writeValueAsBytes(order(seed));
    ObjectNode order = (ObjectNode) mapper.readTree(request);
    long total = 0;
    for (var line : order.withArray("lines")) {
      total += line.get("cents").asLong() * line.get("count").asLong();
    }
    order.put("total", total);
    byte[] answer = mapper.writeValueAsBytes(order);
    return new Fold().add(answer).add(total).value();
  }

  private ObjectNode order(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ObjectNode order = mapper.createObjectNode();
    order.put("id", seed).put("note", Material.text(seed, 120));
    ArrayNode lines = order.putArray("lines");
    for (int i = 0; i < 20; i++) {
      lines
          .addObject()
          .put("article", "A" + random.nextInt(10_000))
          .put("cents", random.nextInt(100_000))
          .put("count", 1 + random.nextInt(9));
    }
    return order;
  }
}

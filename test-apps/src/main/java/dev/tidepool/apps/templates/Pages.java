package dev.tidepool.apps.templates;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Fills a page of a shop as a string, and again into a stream of UTF-8. */
public final class Pages implements App {
  private static final String PAGE =
      """
      <html><head><title>${title?html}</title></head><body>
      <#list articles as article>
        <div class="<#if article?index % 2 == 0>even<#else>odd</#if>">
          <h2>${article.name?cap_first}</h2><p>${article.about?html}</p>
          <b>${article.price?string("0.00")}</b> <i>${article.left?c}</i>
        </div>
      </#list>
      </body></html>
      """;

  private final Template template;

  public Pages() throws IOException {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setLocale(java.util.Locale.ROOT);
    template = new Template("page", PAGE, configuration);
  }

  @Override
  public long operate(long seed) throws IOException, TemplateException {
    Map<String, Object> model = Map.of("title", "shelf & " + seed, "articles", articles(seed));
    StringWriter text = new StringWriter();
    template.process(model, text);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Writer out = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
      template.process(model, out);
    }
    return new Fold().add(text.toString()).add(bytes.toByteArray()).value();
  }

  private static List<Map<String, Object>> articles(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Map<String, Object>> articles = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      articles.add(
          Map.of(
              "name", Material.text(seed + i, 20),
              "about", Material.text(seed - i, 300),
              "price", random.nextInt(10_000) / 100.0,
              "left", random.nextInt(100)));
    }
    return articles;
  }
}

package dev.tidepool.apps.transform;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.Serializer;
import net.sf.saxon.s9api.XsltExecutable;

/** Turns an order of some hundred lines into a page with totals, sorted and grouped. */
public final class Transforms implements App {
  private static final int LINES = 120;
  private static final String SHEET =
      """
      <xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="3.0">
        <xsl:output method="html" indent="yes"/>
        <xsl:template match="/order">
          <html><body><h1>Order <xsl:value-of select="@id"/></h1>
          <xsl:for-each-group select="line" group-by="@shelf">
            <xsl:sort select="current-grouping-key()"/>
            <h2><xsl:value-of select="current-grouping-key()"/></h2>
            <table><xsl:apply-templates select="current-group()">
              <xsl:sort select="@cents" data-type="number"/>
            </xsl:apply-templates></table>
            <p><xsl:value-of select="sum(current-group()/(@cents * @count))"/></p>
          </xsl:for-each-group></body></html>
        </xsl:template>
        <xsl:template match="line">
          <tr><td><xsl:value-of select="upper-case(.)"/></td><td><xsl:value-of select="@cents"/></td></tr>
        </xsl:template>
      </xsl:stylesheet>
      """;

  private final Processor processor = new Processor(false);
  private final XsltExecutable sheet;

  public Transforms() throws SaxonApiException {
    sheet = processor.newXsltCompiler().compile(new StreamSource(new StringReader(SHEET)));
  }

  @Override
  public long operate(long seed) throws SaxonApiException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    Serializer out = processor.newSerializer(page);
    sheet.load30().transform(new StreamSource(new ByteArrayInputStream(order(seed))), out);
    return new Fold().add(page.toByteArray()).value();
  }

  private static byte[] order(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder xml = new StringBuilder("<order id='").append(seed).append("'>");
    for (int i = 0; i < LINES; i++) {
      xml.append("<line shelf='").append(random.nextInt(9));
      xml.append("' cents='").append(random.nextInt(10_000));
      xml.append("' count='").append(1 + random.nextInt(9)).append("'>");
      xml.append(Material.text(seed + i, 60)).append("</line>");
    }
    return xml.append("</order>").toString().getBytes(StandardCharsets.UTF_8);
  }
}

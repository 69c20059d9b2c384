package dev.tidepool.apps.mail;

import dev.tidepool.apps.App;
import dev.tidepool.apps.Fold;
import dev.tidepool.apps.Material;
import jakarta.mail.BodyPart;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Writes a letter of text and two attachments, as it goes over the wire, and reads it back. */
public final class Letters implements App {
  private final Session session = Session.getInstance(new Properties());

  @Override
  public long operate(long seed) throws MessagingException, IOException {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    letter(seed).writeTo(wire);
    // boundaries and ids hold the time, so only what the letter says counts
    MimeMessage read = new MimeMessage(session, new ByteArrayInputStream(wire.toByteArray()));
    Fold fold = new Fold().add(read.getSubject());
    Multipart parts = (Multipart) read.getContent();
    for (int i = 0; i < parts.getCount(); i++) {
      BodyPart part = parts.getBodyPart(i);
      fold.add(part.getContentType());
      try (InputStream in = part.getInputStream()) {
        fold.add(in.readAllBytes());
      }
    }
    return fold.value();
  }

  private MimeMessage letter(long seed) throws MessagingException, IOException {
    MimeMessage letter = new MimeMessage(session);
    letter.setFrom("harbour@example.org");
    letter.setRecipients(RecipientType.TO, "quay@example.org");
    letter.setSubject("Tides of " + seed, "utf-8");
    MimeBodyPart text = new MimeBodyPart();
    text.setText("K\u00fcste\n" + Material.text(seed, 6_000), "utf-8");
    MimeMultipart all = new MimeMultipart(text);
    all.addBodyPart(attachment(Material.noise(seed, 40_000), "application/octet-stream"));
    all.addBodyPart(
        attachment(
            Material.text(seed, 15_000).getBytes(java.nio.charset.StandardCharsets.US_ASCII),
            "application/csv"));
    letter.setContent(all);
    letter.saveChanges();
    return letter;
  }

  private static MimeBodyPart attachment(byte[] content, String type) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setDataHandler(new jakarta.activation.DataHandler(new ByteArrayDataSource(content, type)));
    part.setFileName("attached.bin");
    part.setHeader("Content-Transfer-Encoding", "base64");
    return part;
  }
}

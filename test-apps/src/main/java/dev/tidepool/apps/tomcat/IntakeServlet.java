package dev.tidepool.apps.tomcat;

import dev.tidepool.apps.Fold;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;

/** Takes uploads and forms and answers with the checksum of what arrived. */
final class IntakeServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    Fold fold = new Fold();
    if (String.valueOf(request.getContentType()).startsWith("multipart/")) {
      for (Part part : request.getParts()) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (InputStream in = part.getInputStream()) {
          in.transferTo(content);
        }
        fold.add(part.getName()).add(content.toByteArray());
        part.delete();
      }
    } else {
      for (Map.Entry<String, String[]> field :
          new TreeMap<>(request.getParameterMap()).entrySet()) {
        fold.add(field.getKey()).add(field.getValue()[0]);
      }
    }
    response.setContentType("application/octet-stream");
    response.getOutputStream().print(Long.toHexString(fold.value()));
  }
}

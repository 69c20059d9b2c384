/** Pictures drawn, scaled, written and read: ImageIO, BufferedImage and Thumbnailator. */
package dev.tidepool.apps.images;

/** From a decoded photograph or drawing to the files of a picture. Runs in the child alone: it loads sharp. */

import type { Sharp } from "sharp";
import type { PhotoFile } from "./photo.ts";

/** Widths of the two sizes for pages, and the longest side of the master, in pixels. */
export const photoWidths = { small: 480, large: 960, master: 1600 } as const;

/** A narrower picture is a smear on a screen of today. */
const narrowest = 200;

/** WebP holds 16,383 pixels of height; a picture as wide as ours and taller than this is a strip of paper. */
const tallest = 16_000;

/**
 * WebP and JPEG in two widths and one master, each encoded anew from the pixels in sRGB: nothing of the upload, its
 * metadata or what was behind it is in them. Never larger than the picture is. "narrow": too few pixels. "tall": more than WebP holds.
 */
export async function photoFiles(decoded: Sharp): Promise<PhotoFile[] | "narrow" | "tall"> {
  const { data, info } = await decoded
    .toColourspace("srgb")
    .resize({ width: photoWidths.master, withoutEnlargement: true })
    // White behind what is transparent: JPEG has no transparency, and both formats are to look alike.
    .flatten({ background: "#ffffff" })
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  if (info.width < narrowest) return "narrow";
  if (info.height > tallest) return "tall";
  // Loaded here: the child chooses its loaders before.
  const { default: sharp } = await import("sharp");
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const encoded = async (variant: PhotoFile["variant"], type: PhotoFile["type"]): Promise<PhotoFile> => {
    const height = variant === "master" ? photoWidths.master : undefined;
    const width = photoWidths[variant];
    const sized = sharp(data, { raw }).resize({ width, height, fit: "inside", withoutEnlargement: true });
    const file = type === "image/webp" ? sized.webp({ quality: 78 }) : sized.jpeg({ quality: 78, mozjpeg: true });
    const { data: content, info: size } = await file.toBuffer({ resolveWithObject: true });
    return { variant, type, width: size.width, height: size.height, content };
  };
  return [
    await encoded("small", "image/webp"),
    await encoded("small", "image/jpeg"),
    await encoded("large", "image/webp"),
    await encoded("large", "image/jpeg"),
    await encoded("master", "image/webp"),
  ];
}

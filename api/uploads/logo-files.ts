/** From a decoded picture to the files of a logo. Runs in the children alone: it loads sharp. */

import type { Sharp } from "sharp";
import type { LogoFile } from "./logo.ts";

/** Longest side of the two sizes, in pixels: for pages, and for screens with twice the pixels and our own drawings. */
export const sides = { page: 512, master: 1024 } as const;

/** Below this longest side a logo is a smear in the head of a page. */
const smallest = 64;

/** "empty": nothing is visible in it. "small": fewer pixels than `smallest`. */
export type LogoFault = "empty" | "small";

const file = async (picture: Sharp, type: LogoFile["type"]): Promise<LogoFile> => {
  const format =
    type === "image/png" ? picture.png({ compressionLevel: 9, effort: 10 }) : picture.webp({ quality: 90 });
  const { data, info } = await format.toBuffer({ resolveWithObject: true });
  return { type, width: info.width, height: info.height, content: data };
};

/**
 * The files of a logo, each encoded anew from its pixels in sRGB: nothing of the upload, its metadata or what was behind
 * it is in them.
 */
export async function logoFiles(decoded: Sharp): Promise<LogoFile[] | LogoFault> {
  const { data, info } = await decoded
    .toColourspace("srgb")
    .resize({ width: sides.master, height: sides.master, fit: "inside", withoutEnlargement: true })
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  if (Math.max(info.width, info.height) < smallest) return "small";
  if (!data.some((value, at) => at % 4 === 3 && value > 8)) return "empty";
  // Loaded here: the children choose their loaders before.
  const { default: sharp } = await import("sharp");
  const master = () => sharp(data, { raw: { width: info.width, height: info.height, channels: 4 } });
  return [
    await file(
      master().resize({ width: sides.page, height: sides.page, fit: "inside", withoutEnlargement: true }),
      "image/webp",
    ),
    await file(master(), "image/webp"),
    await file(master(), "image/png"),
  ];
}

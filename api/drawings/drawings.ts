/** The pictures that carry the organisation's name, drawn without a browser and without any font of the machine. */

import type { Palette } from "#db/colour/palette.ts";
import { runChild } from "./child.ts";
import type { CoverValues } from "./guide-cover.ts";

export interface PictureValues {
  name: string;
  /** One sentence about the organisation. */
  sentence: string;
  palette: Palette;
  /** The logo as PNG, as `readLogo` (api/uploads/logo.ts) returns it; never bytes that somebody uploaded. */
  logo?: Buffer;
  /** A word in a frame, such as 見本; absent for an installation that is real. */
  badge?: string;
}

export interface Drawings {
  /** PNG, 1,200 x 630, for links that are shared (og:image). */
  share: Buffer;
  /** SVG of the favicon and of the head of pages: outlines, or the logo as pixels in it. */
  icon: string;
  /** PNG, 180 x 180, without round corners, for phones. */
  icon180: Buffer;
}

/** What the child is sent: the values of the pictures, or those of a cover with the PDF it is for. */
export type DrawingOrder =
  | { pictures: PictureValues; cover?: undefined; guide?: undefined }
  | { pictures?: undefined; cover: CoverValues; guide: Uint8Array | undefined };

const program = new URL("drawing-child.ts", import.meta.url);

/** Draws all three; about half a second, in a process of its own. Throws when the child failed: then it is a bug. */
export async function drawPictures(values: PictureValues): Promise<Drawings> {
  const drawn = await runChild<Drawings>(program, { pictures: values } satisfies DrawingOrder);
  if (drawn === undefined) throw new Error("The pictures of the organisation could not be drawn.");
  return { share: Buffer.from(drawn.share), icon: drawn.icon, icon180: Buffer.from(drawn.icon180) };
}

/**
 * A guide's PDF with this cover in place of its first page, or the cover alone; about a second, in a process of its own.
 * The PDF must be one that `examinePdf` (api/guides/pdf.ts) has taken in. Throws when the child failed.
 */
export async function drawGuideCover(values: CoverValues, guide?: Uint8Array): Promise<Buffer> {
  const drawn = await runChild<Uint8Array>(program, { cover: values, guide } satisfies DrawingOrder);
  if (drawn === undefined) throw new Error("The cover of the guide could not be drawn.");
  return Buffer.from(drawn);
}

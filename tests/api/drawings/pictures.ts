/** Pictures opened again, to see what is drawn in them. */

import sharp from "sharp";

export interface Pixels {
  width: number;
  height: number;
  /** Red, green, blue and opacity of the pixel there, each 0 to 255. */
  at: (x: number, y: number) => number[];
  bytes: Buffer;
}

export async function opened(content: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(content).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)];
  return { width: info.width, height: info.height, at, bytes: data };
}

/** The share of dark pixels in a part of a picture. */
export function darkness({ at }: Pixels, left: number, top: number, width: number, height: number): number {
  const isDark = (x: number, y: number) => {
    const [red = 0, green = 0, blue = 0] = at(x, y);
    return red + green + blue < 360;
  };
  let dark = 0;
  for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) if (isDark(x, y)) dark++;
  return dark / (width * height);
}

/** The drawing of the share picture: a path under stars towards a lit window, in the hue of the organisation. */

import { hexOf, oklchOf } from "#db/colour/oklch.ts";

/** Middle and radius of each star. */
const stars = [
  [40, 110, 2.5],
  [160, 92, 2],
  [214, 36, 3],
  [272, 80, 2],
  [330, 40, 2.5],
  [410, 66, 3],
  [446, 24, 2],
  [26, 34, 2],
] as const;

/** The star with four points, 40 wide, its middle at 0, 0. */
export const star = "m0-20 5 15 15 5-15 5-5 15-5-15-15-5 15-5z";

/** The night is blue whatever the colour: a sky in yellow or green looks muddy. */
const sky = hexOf({ lightness: 0.3, chroma: 0.075, hue: 262 });

/**
 * SVG elements of a scene 480 wide and 320 high. The hills have the hue of the colour ("#0055ad"); the window and the
 * path stay warm in any of them.
 */
export function nightScene(colour: string): string {
  const { hue, chroma } = oklchOf(colour);
  const tone = (lightness: number, most: number, turn = 0) =>
    hexOf({ lightness, chroma: Math.min(chroma, most), hue: hue + turn });
  const [hill, meadow] = [tone(0.41, 0.1), tone(0.48, 0.07, -20)];
  return [
    `<path fill="${sky}" d="M0 0h480v320H0z"/>`,
    `<path fill="${hill}" d="M0 206c90-62 178-18 264-40 84-22 150-52 216-34v188H0z"/>`,
    '<circle cx="346" cy="150" r="62" fill="#ffc64d" opacity=".14"/>',
    '<circle cx="346" cy="150" r="40" fill="#ffc64d" opacity=".26"/>',
    '<path fill="#fff7ef" d="M318 134h56v42h-56z"/>',
    '<path fill="#b4533a" d="m310 138 36-30 36 30z"/>',
    '<path fill="#ffd43d" d="M328 144h14v14h-14zM352 144h14v32h-14z"/>',
    `<path fill="${meadow}" d="M0 262c110-58 196-20 298-56 70-24 126-36 182-28v142H0z"/>`,
    '<path fill="#ffe3b8" d="M146 320c22-44 152-40 148-74-3-24-70-20-58-44 10-18 66-18 104-26h18c-24 12-86 16-92 30-6 16 74 10 80 42 6 36-70 40-76 72z"/>',
    `<path fill="#ffe9b0" transform="translate(96 64)" d="${star}"/>`,
    ...stars.map(([x, y, radius]) => `<circle cx="${x}" cy="${y}" r="${radius}" fill="#ffe9b0"/>`),
  ].join("");
}

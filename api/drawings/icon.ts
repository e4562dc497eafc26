/** The icon of the site, as an SVG without any text: one letter of the name, or the logo as pixels. */

import type { Palette } from "#db/colour/palette.ts";
import { boxOf, outlines } from "./outlines.ts";

export interface IconValues {
  name: string;
  palette: Palette;
  /** The logo as PNG, at most 128 pixels wide and high; undefined: the letter is drawn. */
  logo: Buffer | undefined;
}

/** What a name may begin with that says nothing about whose it is. */
const corporation =
  /^(?:(?:認定)?(?:特定非営利活動法人|NPO法人)|(?:一般|公益)(?:社団|財団)法人|社会福祉法人|医療法人|宗教法人|学校法人|任意団体|株式会社|合同会社)\s*/iu;

const graphemes = new Intl.Segmenter("ja", { granularity: "grapheme" });

/** The first letter of the name proper: 髙 of 特定非営利活動法人 髙﨑の会. */
export function iconLetter(name: string): string {
  const proper = name.normalize("NFC").trim().replace(corporation, "") || name.trim();
  const letters = [...graphemes.segment(proper)].map(({ segment }) => segment);
  return letters.find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? letters[0] ?? "";
}

/** The letter as large as 20 of 32, its drawn box in the middle. */
function letterPath(letter: string): string {
  const size = 21;
  const { left, right, bottom, top } = boxOf(letter, "Bold");
  const x = 16 - (size * (left + right)) / 2;
  const y = 16 + (size * (bottom + top)) / 2;
  return outlines(letter, { x, y, size, weight: "Bold" });
}

/**
 * 32 x 32 units. `corner` rounds the ground; phones cut the corners of their icon themselves and want none. A logo
 * stands on white, since it may be dark or light, and many have no ground of their own.
 */
export function iconSvg({ name, palette, logo }: IconValues, corner = 8): string {
  const ground = (colour: string) => `<rect width="32" height="32" rx="${corner}" fill="${colour}"/>`;
  const inside =
    logo === undefined
      ? `${ground(palette.chosen)}<path d="${letterPath(iconLetter(name))}" fill="${palette.onChosen}"/>`
      : `${ground("#ffffff")}<image x="3" y="3" width="26" height="26" href="data:image/png;base64,${logo.toString("base64")}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${inside}</svg>`;
}

/**
 * Text as outlines, from fonts that come with the product: the same picture on every machine, also on one without any
 * font, where an SVG renderer draws a box for each Japanese letter and says nothing.
 */

import { readFileSync } from "node:fs";
import fontkit, { type Font, type Glyph, type Path } from "@pdf-lib/fontkit";

/** Noto Sans JP; its licence lies beside the files. */
export type Weight = "Regular" | "Bold";

export const fontFile = (weight: Weight): Buffer =>
  readFileSync(new URL(`./fonts/NotoSansJP-${weight}.otf`, import.meta.url));

const cache = new Map<Weight, Font>();

/** Read when first used: 5 MB each. */
export function fontOf(weight: Weight): Font {
  const known = cache.get(weight);
  if (known !== undefined) return known;
  const font = fontkit.create(fontFile(weight));
  correctRanges(font);
  cache.set(weight, font);
  return font;
}

/** What fontkit keeps of a font of Noto's kind; not in its types. */
interface WithRanges {
  "CFF ": {
    topDict: { FDSelect: { ranges: { first: number; fd: number }[] } };
    fdForGlyph: (glyph: number) => number;
  };
}

/**
 * fontkit 1.1.1 takes the first letter of each range of letters (":" among them) for one of the range before, reads its
 * outline with the wrong table, and draws something else. This finds the right range; all 17,829 letters of both weights
 * are then the same as those that fontTools 4.68 reads.
 */
function correctRanges(font: Font): void {
  const { "CFF ": outlineTable } = font as unknown as WithRanges;
  const { ranges } = outlineTable.topDict.FDSelect;
  outlineTable.fdForGlyph = (glyph) => ranges.findLast(({ first }) => first <= glyph)?.fd ?? 0;
}

/** Drawn in place of a letter that the font does not have; printers do the same. */
const geta = "〓";

/** Selects among forms of the letter before it; the font draws its own form. */
const isVariationSelector = (letter: string) => /^[\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]$/u.test(letter);

/**
 * Letters one by one as they are drawn. か and a voicing mark of its own, as some systems write が, become one letter;
 * nothing else is normalised, since that would exchange letters of names (U+FA19 for U+795E).
 */
const lettersOf = (text: string): string[] =>
  [...text.replace(/[ぁ-ヿ][\u3099\u309a]/gu, (pair) => pair.normalize("NFC")).replace(/\s+/gu, " ")].filter(
    (letter) => !isVariationSelector(letter),
  );

const isInFont = (letter: string, weight: Weight) => fontOf(weight).hasGlyphForCodePoint(letter.codePointAt(0) ?? 0);

/** The letters of a text that cannot be drawn (emoji, most of all), each once: whoever types the name is told. */
export const missingLetters = (text: string, weight: Weight = "Bold"): string[] => [
  ...new Set(lettersOf(text).filter((letter) => !isInFont(letter, weight))),
];

/** The text with a geta mark for each letter that the font does not have. */
export const drawable = (text: string, weight: Weight): string =>
  lettersOf(text)
    .map((letter) => (isInFont(letter, weight) ? letter : geta))
    .join("");

/** The width of a line in units of its letter size: 6 letters of Japanese are 6. */
export function widthOf(text: string, weight: Weight): number {
  const font = fontOf(weight);
  return font.layout(drawable(text, weight)).advanceWidth / font.unitsPerEm;
}

interface Place {
  /** Left end of the line and its baseline, in pixels. */
  x: number;
  y: number;
  /** Size of the letters in pixels. */
  size: number;
  weight: Weight;
}

/** What fontkit's types leave out. */
export interface OutlinedGlyph extends Glyph {
  path: Path & { commands: { command: keyof typeof written; args: number[] }[] };
}

const written = { moveTo: "M", lineTo: "L", quadraticCurveTo: "Q", bezierCurveTo: "C", closePath: "Z" } as const;

/** The outlines of one line as the `d` of an SVG path, to a tenth of a pixel. */
export function outlines(text: string, { x, y, size, weight }: Place): string {
  const font = fontOf(weight);
  const scale = size / font.unitsPerEm;
  const { glyphs, positions } = font.layout(drawable(text, weight));
  const round = (value: number) => String(Math.round(value * 10) / 10);
  let pen = x;
  return (glyphs as OutlinedGlyph[])
    .map((glyph, at) => {
      const { xAdvance = 0, xOffset = 0, yOffset = 0 } = positions[at] ?? {};
      const [left, base] = [pen + xOffset * scale, y - yOffset * scale];
      pen += xAdvance * scale;
      // Letters are drawn upwards from the baseline, SVG counts downwards.
      const point = (value: number, index: number) =>
        round(index % 2 === 0 ? left + value * scale : base - value * scale);
      return glyph.path.commands.map(({ command, args }) => written[command] + args.map(point).join(" ")).join("");
    })
    .join("");
}

/** The box in which one letter is really drawn, in units of its size, counted upwards from the baseline. */
export function boxOf(letter: string, weight: Weight): { left: number; right: number; bottom: number; top: number } {
  const font = fontOf(weight);
  const [glyph] = font.layout(drawable(letter, weight)).glyphs;
  const { minX = 0, maxX = 0, minY = 0, maxY = 0 } = glyph?.bbox ?? {};
  const [left = 0, right = 0, bottom = 0, top = 0] = [minX, maxX, minY, maxY].map((value) => value / font.unitsPerEm);
  return { left, right, bottom, top };
}

/** From the one colour that an organisation chooses to the colours of its pages, by day and by night, all legible. */

import { bisect, contrast, hexOf, oklchOf, tintDifference } from "./oklch.ts";

/** The colours of site/styles/public/tokens.css that words and links may stand on, and those that mean something. */
export const day = {
  grounds: ["#fffaf2", "#fcefdc", "#eaf1f7", "#ffffff", "#e6f5ec", "#fbf5e0", "#fdeeee"],
  ink: "#1c2536",
  good: "#115a36",
  bad: "#b20000",
  /** Lightness and most chroma of the tint, --key-soft. */
  tint: { lightness: 0.955, chroma: 0.02 },
} as const;

/** The same by night, under `prefers-color-scheme: dark`. */
export const night = {
  grounds: ["#131c2f", "#182339", "#17253d", "#1d2942", "#173329", "#2b2710", "#3a1f2a"],
  ink: "#f3ecdf",
  good: "#7fd6a6",
  bad: "#ff9a94",
  tint: { lightness: 0.27, chroma: 0.04 },
} as const;

/** The contrast that words need (WCAG 2.2 AA), strong words (AAA), and borders and signs (1.4.11). */
export const ratios = { text: 4.5, strong: 7, line: 3 } as const;

/** Colours as "#rrggbb". */
export interface Tones {
  /** Words and links: --key. */
  key: string;
  /** Strong words, hovered links and buttons: --key-dark. By night it is the lighter one. */
  strong: string;
  /** A ground behind words: --key-soft. */
  tint: string;
  /** Borders, also of filled buttons, and signs that carry a meaning: --key-line. */
  line: string;
  /** Words on `key`: --on-key; and on `strong`: --on-key-dark. */
  onKey: string;
  onStrong: string;
}

/** "bad", "good": pages use this for errors or for success. "grey": links do not stand out from words. */
export type PaletteWarning = "bad" | "good" | "grey";

export interface Palette {
  /** The colour as it was chosen, for areas: --brand; and words on it, --on-brand. */
  chosen: string;
  onChosen: string;
  day: Tones;
  night: Tones;
  /** By day the colour of words is not the chosen one: both are to be shown. */
  isAdjusted: boolean;
  warnings: PaletteWarning[];
}

/** For whoever chooses the colour. */
export const warningSentences: Record<PaletteWarning, string> = {
  bad: "この色は、まちがいや期限切れを知らせる赤に似ています。リンクやボタンがまちがいの知らせに見えることがあるので、ほかの色をおすすめします。",
  good: "この色は、できあがりを知らせる緑に似ています。リンクやボタンが「済んだ」しるしに見えることがあります。",
  grey: "この色にはほとんど色みがありません。リンクが本文の文字と見分けにくくなります。",
};

/** "#05a", "0055AD" or "＃００５５ａｄ" as "#0055ad"; undefined for what is no colour of three or six digits. */
export function parseColour(input: string): string | undefined {
  const [, digits = ""] = /^#?([\da-f]{3}|[\da-f]{6})$/u.exec(input.normalize("NFKC").trim().toLowerCase()) ?? [];
  if (digits === "") return undefined;
  return `#${digits.length === 3 ? digits.replace(/./gu, "$&$&") : digits}`;
}

const isLegible = (colour: string, grounds: readonly string[], ratio: number) =>
  grounds.every((ground) => contrast(colour, ground) >= ratio);

/**
 * The colour itself where it has this contrast on all grounds; else the one of the same hue that is nearest in
 * lightness and has it. Measured on the rounded hex, since rounding alone may lose it.
 */
function legible(chosen: string, grounds: readonly string[], ratio: number, end: 0 | 1): string {
  if (isLegible(chosen, grounds, ratio)) return chosen;
  const colour = oklchOf(chosen);
  const at = (lightness: number) => hexOf({ ...colour, lightness });
  return at(bisect(end, colour.lightness, (lightness) => isLegible(at(lightness), grounds, ratio)));
}

/** How far `strong` is from `key` in lightness at least, so that a hovered button is seen to change. */
const step = 0.12;

/** A colour one step darker (towards 0) or lighter (towards 1). */
function towards(colour: string, end: 0 | 1): string {
  const { lightness, ...rest } = oklchOf(colour);
  return hexOf({ ...rest, lightness: end === 0 ? Math.max(0, lightness - step) : Math.min(1, lightness + step) });
}

/** What is written on a light colour. Darker than the words of the page: some middle tones need it. */
const darkest = "#1a1a1c";

/**
 * White or this, whichever has the higher contrast on the colour; not by its lightness, which errs on middle tones. On a
 * few of those neither is enough, and black is.
 */
function wordsOn(colour: string): string {
  const of = (words: string) => contrast(words, colour);
  const better = of("#ffffff") > of(darkest) ? "#ffffff" : darkest;
  return of(better) >= ratios.text ? better : "#000000";
}

/** Below this chroma a colour reads as grey. */
const greyChroma = 0.03;

function tonesOf(chosen: string, { grounds: plain, tint: soft }: typeof day | typeof night, end: 0 | 1): Tones {
  const { hue, chroma } = oklchOf(chosen);
  const tint = hexOf({ lightness: soft.lightness, chroma: Math.min(chroma, soft.chroma), hue });
  const grounds = [...plain, tint];
  // A grey link or button that is no stronger than the words around it looks switched off.
  const key = legible(chosen, grounds, chroma < greyChroma ? ratios.strong : ratios.text, end);
  const strong = legible(towards(key, end), grounds, ratios.strong, end);
  const line = legible(chosen, grounds, ratios.line, end);
  return { key, strong, tint, line, onKey: wordsOn(key), onStrong: wordsOn(strong) };
}

/** Below this difference two colours of words are taken for one another; lighter and darker ones are, too. */
const similar = 0.065;

function warningsFor(key: string): PaletteWarning[] {
  const meanings = (["bad", "good"] as const).filter((meaning) => tintDifference(key, day[meaning]) < similar);
  return oklchOf(key).chroma < greyChroma ? [...meanings, "grey"] : meanings;
}

/** The palette of a colour "#rrggbb" (see `parseColour`). Never throws: any colour has one. */
export function paletteOf(chosen: string): Palette {
  const byDay = tonesOf(chosen, day, 0);
  return {
    ...{ chosen, onChosen: wordsOn(chosen), day: byDay, night: tonesOf(chosen, night, 1) },
    ...{ isAdjusted: byDay.key !== chosen, warnings: warningsFor(byDay.key) },
  };
}

const properties = ({ key, strong, tint, line, onKey, onStrong }: Tones) =>
  [
    ...[`--key:${key}`, `--key-dark:${strong}`, `--key-soft:${tint}`, `--key-line:${line}`],
    ...[`--on-key:${onKey}`, `--on-key-dark:${onStrong}`],
  ].join(";");

/**
 * The custom properties that replace those of the public site's stylesheets, wherever that stands in a page: text of a
 * stylesheet, by day or by night.
 */
export const paletteCss = ({ chosen, onChosen, ...palette }: Palette, when: "day" | "night" = "day"): string =>
  `html:root{--brand:${chosen};--on-brand:${onChosen};${properties(palette[when])}}`;

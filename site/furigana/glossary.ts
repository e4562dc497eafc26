/** How the lists of readings (words.ts, kanji.ts) are written, and what becomes of them. */

import { kanji } from "./kanji.ts";
import { words } from "./words.ts";

/** A stretch of text, and how it is read where that is said. */
export type Piece = [base: string, reading?: string];

/** Something that can be read, and the company it needs to be read so. */
export interface GlossaryEntry {
  pieces: Piece[];
  surface: string;
  /** What may stand behind it, "$" for the end of the text. */
  followers: RegExp;
  /** What has to stand before it: a digit, a digit or more kanji, anything, or neither. */
  before: "digit" | "joined" | "anything" | "apart";
  /** Whether more kanji may follow: as part of the same word, or as the next word. */
  goesOn: "same" | "next" | "never";
}

export const isKanji = (letter = "") => /^\p{sc=Han}$/u.test(letter);

/** Particles, and whatever is not hiragana: behind anything else a kanji may be a verb's. */
const afterNoun = /[のにをはがもへとでやかだなよねまごおほ]|[^\p{sc=Hiragana}]/u;

/**
 * "受(う)け付(つ)け": each reading stands behind its kanji. "入(はい)[るっ]" is read so before one of
 * these letters. "#年(ねん)" follows a digit, "-中(ちゅう)" a digit or other kanji, and behind
 * "一度(いちど)|" a new word begins. A kanji that stands for itself ("人(ひと)") is read so only apart
 * from other kanji and digits: in longer words it sounds otherwise. Throws on what it cannot understand.
 */
export function entryOf(notation: string): GlossaryEntry {
  const found = /^([#-]?)([^[\]#|-]+)(?:\[([^\]]+)\])?(\|?)$/u.exec(notation);
  const [, mark = "", body = "", letters, bar] = found ?? [];
  const pieces = [...body.matchAll(/(\p{sc=Han}+)\(([\p{sc=Hiragana}ー]+)\)|[^()\p{sc=Han}]+/gu)].map(
    ([text, base, reading]): Piece => (base === undefined || reading === undefined ? [text] : [base, reading]),
  );
  const said = pieces.map(([base, reading]) => (reading === undefined ? base : `${base}(${reading})`)).join("");
  if (!found || said !== body) throw new Error(`The reading ${notation} cannot be understood.`);
  const isLone = (piece?: Piece) => mark === "" && piece?.[1] !== undefined && piece[0].length === 1;
  const isNoun = pieces.length === 1 && isLone(pieces[0]);
  return {
    pieces,
    surface: pieces.map(([base]) => base).join(""),
    followers: letters === undefined ? (isNoun ? afterNoun : /./su) : new RegExp(`[${letters}]`, "u"),
    before: mark === "#" ? "digit" : mark === "-" ? "joined" : isLone(pieces[0]) ? "apart" : "anything",
    goesOn: bar === "|" ? "next" : isLone(pieces.at(-1)) ? "never" : "same",
  };
}

/** First letter → what may begin there, the longest first, and with followers before without. */
export const glossary = new Map<string, GlossaryEntry[]>();

for (const notation of `${words} ${kanji}`.trim().split(/\s+/u)) {
  const entry = entryOf(notation);
  const first = entry.surface.charAt(0);
  const others = glossary.get(first) ?? [];
  glossary.set(first, notation.endsWith("]") ? [entry, ...others] : [...others, entry]);
}
for (const entries of glossary.values()) entries.sort((one, other) => other.surface.length - one.surface.length);

/** Characters that nobody sees and hardly anybody types: they come with what was copied. */

/** `turned`: it turns the direction of what follows (UAX #9). `hidden`: it has no width. */
export interface HiddenCharacter {
  kind: "turned" | "hidden";
  /** The last words before it on its line; "" at its beginning. */
  before: string;
  /** Line of the text, from 1. */
  line: number;
}

const signs = {
  hidden: /[\u200b-\u200d\u2060\ufeff]/u,
  turned: /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u,
} as const;
const kinds = ["hidden", "turned"] as const;
const either = new RegExp(`${signs.hidden.source}|${signs.turned.source}`, "gu");

/** Joins two pictures to one emoji, as the family of 👨‍👩‍👧 is written. */
const emojiJoiner = /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})/gu;

/** Letters by which the place is recognised. */
const letters = 10;

/** The first of each kind on every line, in their order. Linear in the length of the text. */
export function hiddenCharacters(text: string): HiddenCharacter[] {
  return text.split("\n").flatMap((source, at) => {
    const line = source.replaceAll(emojiJoiner, "");
    return kinds
      .map((kind) => ({ kind, index: line.search(signs[kind]) }))
      .filter(({ index }) => index >= 0)
      .toSorted((a, b) => a.index - b.index)
      .map(({ kind, index }) => ({ kind, before: wordsBefore(line.slice(0, index)), line: at + 1 }));
  });
}

/** The last letters that are seen. */
const wordsBefore = (text: string) => [...text.replaceAll(either, "").trim()].slice(-letters).join("");

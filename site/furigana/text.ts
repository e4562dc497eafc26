/** Readings over the words of one run of text. */

import { ruby } from "#db/words/words.ts";
import { counted } from "./counters.ts";
import { type GlossaryEntry, glossary, isKanji, type Piece } from "./glossary.ts";
import { ownWords } from "./own-words.ts";

/**
 * The text with `<ruby>` wherever it is known how to read it. From left to right the longest entry
 * wins; kanji that stand together are read all or not at all, because half a word known is a word
 * misread: a wrong reading is worse than none.
 */
export const readText = (text: string): string => piecesOf(text).map(written).join("");

/** The kanji of a text that stay without a reading, as they stand together, each once. */
export const unreadWords = (text: string): string[] => [
  ...new Set(
    piecesOf(text).flatMap(([base, reading]) => (reading === undefined && isKanji(base.charAt(0)) ? [base] : [])),
  ),
];

function piecesOf(text: string): Piece[] {
  const all: Piece[] = [];
  const dead = new Set<number>();
  for (let at = 0; at < text.length;) {
    const pieces = readAt(text, at, dead) ?? [[unreadAt(text, at)]];
    all.push(...pieces);
    at += lengthOf(pieces);
  }
  return all;
}

/**
 * What begins here, with all kanji that join it; undefined if that cannot be read. `isNew`: a word ended
 * before. `dead` keeps the places from which no reading was found, so that each is tried once: without it the
 * backtracking over words that split in two ways (職員, 職 and 員) would double with each of them.
 */
function readAt(text: string, at: number, dead: Set<number>, isNew = false): Piece[] | undefined {
  const place = 2 * at + Number(isNew);
  if (dead.has(place)) return undefined;
  for (const { pieces, goesOn } of candidates(text, at, isNew)) {
    const end = at + lengthOf(pieces);
    if (!isKanji(text[end - 1]) || !isKanji(text[end])) return pieces;
    const rest = goesOn === "never" ? undefined : readAt(text, end, dead, goesOn === "next");
    if (rest) return [...pieces, ...rest];
  }
  dead.add(place);
  return undefined;
}

function* candidates(text: string, at: number, isNew: boolean): Generator<Pick<GlossaryEntry, "pieces" | "goesOn">> {
  const count = counted(text, at);
  if (count) yield { pieces: count, goesOn: "same" };
  for (const entry of ownWords().get(text.charAt(at)) ?? [])
    if (text.startsWith(entry.surface, at) && isInCompany(entry, text, at, isNew)) yield entry;
  for (const entry of glossary.get(text.charAt(at)) ?? [])
    if (text.startsWith(entry.surface, at) && isInCompany(entry, text, at, isNew)) yield entry;
}

function isInCompany({ before, followers, surface }: GlossaryEntry, text: string, at: number, isNew: boolean): boolean {
  if (!followers.test(text[at + surface.length] ?? "$")) return false;
  const last = text[at - 1];
  const isDigit = /[0-9０-９][ \u00a0]?$/u.test(text.slice(Math.max(0, at - 2), at));
  if (before === "anything") return true;
  if (before === "digit") return isDigit;
  return before === "joined" ? isDigit || isKanji(last) : isNew || (!isDigit && !isKanji(last));
}

/** One letter, or every kanji that stands together with it. */
const unreadAt = (text: string, at: number) => /^\p{sc=Han}+|./su.exec(text.slice(at))?.[0] ?? "";

const lengthOf = (pieces: Piece[]) => pieces.reduce((sum, [base]) => sum + base.length, 0);

const written = ([base, reading]: Piece) => (reading === undefined ? base : ruby(base, reading));

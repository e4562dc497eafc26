/** Breaks a Japanese text into few lines at its words, and finds the size at which they fit. */

import { type Weight, widthOf } from "./outlines.ts";

const segmenter = new Intl.Segmenter("ja", { granularity: "word" });

/** JIS X 4051: what does not begin a line, and what does not end one. */
const neverFirst =
  /^[、。，．・：；？！）］｝」』】〉》〕ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶーゝゞ々〻,.:;?!)\]}%％]/u;
const neverLast = /[（［｛「『【〈《〔(]$/u;

/**
 * How unwelcome a line break between two words is, as a share of the line's width: a particle goes with the word before
 * it, so that a line does not begin with を or の; after the form of a corporation or a space a break is welcome.
 * Infinite where typesetting forbids it.
 */
function breakCost(before: string, after: string): number {
  if (after.trim() === "" || neverFirst.test(after) || neverLast.test(before)) return Number.POSITIVE_INFINITY;
  if (/(?:\s|法人|会社|協会|組合|　)$/u.test(before)) return 0;
  if (/^\p{Script=Hiragana}/u.test(after)) return 0.3;
  return /\p{Script=Hiragana}$/u.test(before) ? 0.05 : 0.15;
}

/**
 * The text in as many lines of this width as it takes, broken where typesetting allows it. `width` is in units of the
 * letter size. A word that is wider than a line is broken within.
 */
export function wrapText(text: string, width: number, weight: Weight): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of unbreakable(text.replace(/\s+/gu, " ").trim()))
    for (const piece of widthOf(part, weight) > width ? part : [part]) {
      if (line !== "" && widthOf((line + piece).trimEnd(), weight) > width) {
        lines.push(line.trim());
        line = "";
      }
      line += piece;
    }
  return [...lines, line.trim()].filter((one) => one !== "");
}

/** The words of a text, each with what must stand in one line with it. */
function unbreakable(text: string): string[] {
  const parts: string[] = [];
  for (const { segment } of segmenter.segment(text)) {
    const before = parts.at(-1) ?? "";
    const isCounted = /\d$/u.test(before) && /^[年月日件校人回つ個％%]/u.test(segment);
    if (before !== "" && (isCounted || breakCost(before, segment) === Number.POSITIVE_INFINITY))
      parts[parts.length - 1] += segment;
    else parts.push(segment);
  }
  return parts;
}

interface Broken {
  lines: string[];
  /** The widest line in units of the letter size. */
  width: number;
  /** Sum of the costs of its breaks. */
  penalty: number;
}

/** All ways to break these words into so many lines, as indexes of the words that begin a line. */
function* breaksOf(words: number, lines: number, from = 1): Generator<number[]> {
  if (lines === 1) yield [];
  else for (let at = from; at < words; at++) for (const rest of breaksOf(words, lines - 1, at + 1)) yield [at, ...rest];
}

/** The best way to break these words into exactly so many lines; undefined where no break is allowed. */
function broken(words: readonly string[], count: number, weight: Weight): Broken | undefined {
  // Words are measured once; pairs of letters that stand closer across two words are left out of account.
  const widths = words.map((word) => widthOf(word, weight));
  const costs = words.map((word, at) => (at === 0 ? 0 : breakCost(words.slice(0, at).join(""), word)));
  let best: Broken | undefined;
  for (const breaks of breaksOf(words.length, count)) {
    const penalty = breaks.reduce((sum, at) => sum + (costs[at] ?? 0), 0);
    if (penalty === Number.POSITIVE_INFINITY) continue;
    const starts = [0, ...breaks];
    const sums = starts.map((start, at) => widths.slice(start, starts[at + 1]).reduce((sum, width) => sum + width, 0));
    const width = Math.max(...sums);
    if (best !== undefined && width * (1 + penalty) >= best.width * (1 + best.penalty)) continue;
    const lines = starts.map((start, at) =>
      words
        .slice(start, starts[at + 1])
        .join("")
        .trim(),
    );
    best = { lines, width, penalty };
  }
  return best;
}

export interface Fit {
  lines: string[];
  /** Size of the letters in pixels. */
  size: number;
}

interface Room {
  /** Pixels. */
  width: number;
  maxSize: number;
  maxLines: number;
  weight: Weight;
}

/** What one line more costs: it is taken only where the letters become so much larger that it is worth it. */
const perLine = 0.86;

/** The text in at most `maxLines` lines, as large as `maxSize` allows and shrunk until the widest line fits. */
export function fitText(text: string, { width, maxSize, maxLines, weight }: Room): Fit {
  const plain = text.replace(/\s+/gu, " ").trim();
  const words = [...segmenter.segment(plain)].map(({ segment }) => segment);
  const candidates = Array.from({ length: maxLines }, (_, at) => broken(words, at + 1, weight))
    .filter((one) => one !== undefined)
    .map(({ lines, width: widest, penalty }) => {
      const size = Math.min(maxSize, width / Math.max(widest, 1));
      return { lines, size, worth: (size * perLine ** (lines.length - 1)) / (1 + penalty / 2) };
    })
    .toSorted((one, other) => other.worth - one.worth);
  const { lines, size } = candidates[0] ?? { lines: [], size: maxSize };
  return { lines, size };
}

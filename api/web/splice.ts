/**
 * A page compressed once and still different for each visitor. Where it first holds a visitor's own
 * text, a mark of the same length is compressed in a block of its own, which is exchanged for an
 * uncompressed block (RFC 7932, 9.2) with the visitor's; every later place is a reference back to the
 * first. It needs brotli below quality 5, where no literal is coded by the letters before it.
 */

import { setImmediate as nextRound } from "node:timers/promises";
import { brotliDecompressSync, constants, createBrotliCompress } from "node:zlib";

/** Joins visitors' texts, in the order of the marks, into the compressed page. Letters are bytes (latin1). */
export type Splice = (texts: readonly string[]) => string;

/** Control characters that no page holds, half of them for each of two marks. */
const alphabets = ["\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000e\u000f\u0010\u0011\u0012"].concat(
  "\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f",
);

/**
 * The mark `which` (0 or 1). Nothing else in a page matches any of it, and no four of its letters stand
 * together twice, so that it is not taken for another part of itself.
 */
export function markOf(which: 0 | 1, length: number): string {
  const letters = alphabets[which] ?? "";
  const at = (i: number) => letters.charAt(((i * (i + 1)) / 2 + Math.floor(i / letters.length)) % letters.length);
  return Array.from({ length }, (_, i) => at(i)).join("");
}

/**
 * Prepares a page that holds each mark at least once; undefined if it cannot be done safely. Brotli
 * hurries over text that repeats nothing and may then miss the beginning of a mark it has seen; such
 * a page gets a block of the visitor's own at every place.
 */
export async function prepareSplice(text: string, marks: readonly string[]): Promise<Splice | undefined> {
  const places = placesOf(text, marks);
  const firsts = places.filter(({ which }, i) => places.findIndex((place) => place.which === which) === i);
  if (firsts.length < marks.length || /[\u0001-\u0008\u000e-\u001f]/u.test(without(text, marks))) return undefined;
  for (const cuts of [firsts, places]) {
    const splice = await spliceAt(text, marks, cuts);
    if (isTrue(splice, text, marks)) return splice;
  }
  return undefined;
}

interface Place {
  which: number;
  at: number;
}

/** Where the marks stand, in order. */
const placesOf = (text: string, marks: readonly string[]): Place[] =>
  marks
    .flatMap((mark, which) => [...text.matchAll(new RegExp(mark, "gu"))].map(({ index }) => ({ which, at: index })))
    .toSorted((a, b) => a.at - b.at);

async function spliceAt(text: string, marks: readonly string[], cuts: Place[]): Promise<Splice> {
  const parts: string[] = [];
  let end = 0;
  for (const { which, at } of cuts) {
    const mark = marks[which] ?? "";
    parts.push(text.slice(end, at), mark);
    end = at + mark.length;
  }
  const blocks = await compressApart([...parts, text.slice(end)]);
  const heads = cuts.map(({ which }) => rawBlockHead(marks[which]?.length ?? 0));
  return (texts) => {
    let joined = blocks[0] ?? "";
    for (const [i, { which }] of cuts.entries()) joined += `${heads[i]}${texts[which]}${blocks[2 * i + 2]}`;
    return joined;
  };
}

const without = (text: string, marks: readonly string[]) =>
  marks.reduce((rest, mark) => rest.replaceAll(mark, ""), text);

/** The parts as one brotli stream, cut at whole bytes where one part ends and the next begins. */
async function compressApart(parts: string[]): Promise<string[]> {
  const stream = createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
  let out: Buffer[] = [];
  stream.on("data", (piece: Buffer) => out.push(piece));
  const blocks: string[] = [];
  for (const [i, part] of parts.entries()) {
    if (part !== "") stream.write(part);
    if (i === parts.length - 1) await new Promise<void>((resolve) => stream.on("end", resolve).end());
    else await new Promise<void>((resolve) => stream.flush(constants.BROTLI_OPERATION_FLUSH, resolve));
    await nextRound(); // what was flushed has been heard by then
    blocks.push(Buffer.concat(out).toString("latin1"));
    out = [];
  }
  return blocks;
}

/** Not last, 4 nibbles of length less one, uncompressed; then zeros to the byte. */
function rawBlockHead(length: number): string {
  const bits = ((length - 1) << 3) | (1 << 19);
  return String.fromCharCode(bits & 255, (bits >> 8) & 255, bits >> 16);
}

/** Whether other texts in the places of the marks come out as they went in. */
function isTrue(splice: Splice, text: string, marks: readonly string[]): boolean {
  return ["x", "Qz-7_b"].every((letters) => {
    const texts = marks.map((mark) => letters.repeat(mark.length).slice(0, mark.length));
    const expected = marks.reduce((joined, mark, i) => joined.replaceAll(mark, texts[i] ?? ""), text);
    try {
      return brotliDecompressSync(Buffer.from(splice(texts), "latin1")).toString("utf8") === expected;
    } catch {
      return false;
    }
  });
}

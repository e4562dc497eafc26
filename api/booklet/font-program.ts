/**
 * A font for a PDF, made of the outlines of chosen letters: a CID-keyed CFF (Adobe Technical Note 5176) with nothing but
 * those. pdf-lib cannot take letters out of a font of Noto's kind (text-layer.ts), and the font file as it is would add
 * 3.7 MB; all its letters without hints have 2.9 MB when compressed, those of one booklet about 60 KB.
 */

import { fontOf, type OutlinedGlyph, type Weight } from "#api/drawings/outlines.ts";
import { charstring } from "./charstring.ts";

export interface FontProgram {
  /** The font file (FontFile3, CIDFontType0C). */
  cff: Buffer;
  /** Code of each letter in the font and in strings of the PDF, in their order: see `codesOf`. */
  codes: ReadonlyMap<string, number>;
  /** Width of each letter in thousandths of its size. */
  widths: ReadonlyMap<string, number>;
}

const u8 = (...values: number[]) => Buffer.from(values);
const u16 = (value: number) => u8(value >> 8, value & 255);
const u32 = (value: number) => u8(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);

/** An INDEX: count, size of offsets, offsets from 1 on, contents. */
function index(items: readonly Buffer[]): Buffer {
  if (items.length === 0) return u16(0);
  let offset = 1;
  const offsets = [u32(offset)];
  for (const { length } of items) offsets.push(u32((offset += length)));
  return Buffer.concat([u16(items.length), u8(4), ...offsets, ...items]);
}

/** An operand of a DICT, always five bytes, so that the size of a dictionary does not depend on where things lie. */
const operand = (value: number) => Buffer.concat([u8(29), u32(value)]);
const entry = (operator: readonly number[], ...operands: number[]) =>
  Buffer.concat([...operands.map(operand), u8(...operator)]);

/** Numbers of the two strings after the 391 that every CFF knows. */
const [registry, ordering] = [391, 392];

/** The private dictionary: the width in each charstring is the whole width. */
const widthsFromNought = u8(139, 20, 139, 21);

/** Codes that no letter of our fonts has in Unicode: private use. */
const firstFree = 0xe000;

/**
 * The code of a letter is its point in Unicode, so that programs which take one for the other show the right letter too.
 * A code has two bytes: a letter beyond them (𠮷, U+20BB7) gets the lower two where no other has them, since PDFium,
 * when somebody types it, drops the rest.
 */
function codesOf(points: readonly number[]): Map<string, number> {
  const taken = new Set(points.filter((point) => point <= 0xffff));
  let free = firstFree;
  const coded = points.map((point): [string, number] => {
    if (point <= 0xffff) return [String.fromCodePoint(point), point];
    const lower = point & 0xffff;
    while (taken.has(free)) free++;
    const code = lower === 0 || taken.has(lower) ? free : lower;
    taken.add(code);
    return [String.fromCodePoint(point), code];
  });
  return new Map(coded.toSorted(([, one], [, other]) => one - other));
}

/** Which code each outline has (charset, format 2): the first is none, the others in runs of codes. */
function charsetOf(codes: readonly number[]): Buffer {
  const runs: { first: number; left: number }[] = [];
  for (const code of codes) {
    const run = runs.at(-1);
    if (run && code === run.first + run.left + 1) run.left += 1;
    else runs.push({ first: code, left: 0 });
  }
  return Buffer.concat([u8(2), ...runs.flatMap(({ first, left }) => [u16(first), u16(left)])]);
}

/** The tables of the font, whose places the top dictionary names. */
function tables(name: string, charstrings: readonly Buffer[], codes: readonly number[], bbox: number[]): Buffer {
  const count = charstrings.length;
  const head = Buffer.concat([u8(1, 0, 4, 4), index([Buffer.from(name)])]);
  const strings = Buffer.concat([index([Buffer.from("Adobe"), Buffer.from("Identity")]), index([])]);
  const charset = charsetOf(codes);
  const select = Buffer.concat([u8(3), u16(1), u16(0), u8(0), u16(count)]);
  const outlines = index(charstrings);
  const top = (places: readonly number[]) =>
    index([
      Buffer.concat([
        ...[entry([12, 30], registry, ordering, 0), entry([5], ...bbox), entry([12, 34], 0x10000)],
        ...[entry([15], places[0] ?? 0), entry([12, 37], places[1] ?? 0), entry([17], places[2] ?? 0)],
        entry([12, 36], places[3] ?? 0),
      ]),
    ]);
  const start = head.length + top([]).length + strings.length;
  const places = [charset, select, outlines].reduce(
    (sums, part) => [...sums, (sums.at(-1) ?? 0) + part.length],
    [start],
  );
  const fonts = (privateAt: number) => index([entry([18], widthsFromNought.length, privateAt)]);
  const privateAt = (places[3] ?? 0) + fonts(0).length;
  return Buffer.concat([head, top(places), strings, charset, select, outlines, fonts(privateAt), widthsFromNought]);
}

/** The font of these letters, those that it does not have left out; without letters, of all it has. */
export function fontProgram(name: string, weight: Weight, letters?: Iterable<string>): FontProgram {
  const font = fontOf(weight);
  const wanted = letters === undefined ? font.characterSet : [...letters].map((letter) => letter.codePointAt(0) ?? 0);
  const codes = codesOf([...new Set(wanted)].filter((point) => point >= 32 && font.hasGlyphForCodePoint(point)));
  const letterOf = (letter: string) => font.glyphForCodePoint(letter.codePointAt(0) ?? 0) as OutlinedGlyph;
  const glyphs = [...codes.keys()].map((letter) => [letter, letterOf(letter)] as const);
  const widths = new Map(glyphs.map(([letter, { advanceWidth }]) => [letter, Math.round(advanceWidth)]));
  const outlines = glyphs.map(([letter, { path }]) => charstring(widths.get(letter) ?? 0, path.commands));
  const { minX, minY, maxX, maxY } = font.bbox;
  const box = [minX, minY, maxX, maxY];
  return { cff: tables(name, [charstring(1000, []), ...outlines], [...codes.values()], box), codes, widths };
}

/**
 * Fonts in the PDF. The one of the boxes holds every letter that the product can draw, so that a name such as 髙﨑 or
 * 𠮷野 shows wherever the file goes. What viewers make of it when somebody types: Firefox shows the device's letters and
 * saves and prints with this font. Chrome draws kanji with the device's font and takes this one for what that lacks.
 * Acrobat and Preview take this one or the device's. All find a letter's code by the table to Unicode. The font has no tag
 * of a subset in its name, since Acrobat does not type with those.
 */

import { deflateSync } from "node:zlib";
import { type PDFDocument, PDFName, type PDFRef, PDFString } from "pdf-lib";
import type { FontProgram } from "./font-program.ts";

export interface EmbeddedFont {
  ref: PDFRef;
  codes: FontProgram["codes"];
}

const hex4 = (value: number) => value.toString(16).padStart(4, "0");

/** A string of the PDF in this font. Letters that it does not have are left out. */
export const encoded = ({ codes }: Pick<EmbeddedFont, "codes">, text: string): string =>
  `<${[...text].map((letter) => (codes.has(letter) ? hex4(codes.get(letter) ?? 0) : "")).join("")}>`;

const utf16 = (letter: string) =>
  Array.from({ length: letter.length }, (_, at) => hex4(letter.charCodeAt(at))).join("");

/** Letters whose codes and points in Unicode both go up by one, and which a range may join: its last byte alone changes. */
function runsOf(codes: FontProgram["codes"]): [first: string, length: number][] {
  const runs: [string, number][] = [];
  let before = { code: -2, point: -2 };
  for (const [letter, code] of codes) {
    const point = letter.codePointAt(0) ?? 0;
    const run = runs.at(-1);
    const goesOn = code === before.code + 1 && point === before.point + 1 && (point & 255) > 0 && (code & 255) > 0;
    if (run && goesOn) run[1] += 1;
    else runs.push([letter, 1]);
    before = { code, point };
  }
  return runs;
}

/** A table from codes to Unicode (Adobe Technical Note 5411), in groups of 100, which is the most it allows. */
function toUnicode(codes: FontProgram["codes"]): string {
  const lines = runsOf(codes).map(([letter, length]) => {
    const first = codes.get(letter) ?? 0;
    return `<${hex4(first)}> <${hex4(first + length - 1)}> <${utf16(letter)}>`;
  });
  const groups = Array.from({ length: Math.ceil(lines.length / 100) }, (_, at) =>
    lines.slice(at * 100, at * 100 + 100),
  );
  return [
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
    "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ...groups.map((group) => [`${group.length} beginbfrange`, ...group, "endbfrange"].join("\n")),
    "endcmap CMapName currentdict /CMap defineresource pop end end",
  ].join("\n");
}

/** The widths that are not a whole square, as the array W: first code, its widths, next code … */
function widthsArray({ codes, widths }: FontProgram): (number | number[])[] {
  const array: (number | number[])[] = [];
  let run: { next: number; widths: number[] } | undefined;
  for (const [letter, code] of codes) {
    const width = widths.get(letter) ?? 1000;
    if (width === 1000) continue;
    if (run?.next !== code) array.push(code, (run = { next: code, widths: [] }).widths);
    run.widths.push(width);
    run.next += 1;
  }
  return array;
}

const known = new WeakMap<Buffer, Buffer>();

/** Compressed once for all editions, and not by pdf-lib, which takes a second for the whole font. */
function compressed(cff: Buffer): Buffer {
  const bytes = known.get(cff) ?? deflateSync(cff);
  known.set(cff, bytes);
  return bytes;
}

/** Puts a font into the document under this name. */
export function embedFont({ context }: PDFDocument, name: string, program: FontProgram): EmbeddedFont {
  const { cff, codes } = program;
  const file = context.register(context.stream(compressed(cff), { Subtype: "CIDFontType0C", Filter: "FlateDecode" }));
  const descriptor = context.obj({
    ...{ Type: "FontDescriptor", FontName: name, Flags: 4, FontBBox: [-1000, -1048, 3000, 1808], ItalicAngle: 0 },
    ...{ Ascent: 880, Descent: -120, CapHeight: 733, StemV: 80, FontFile3: file },
  });
  const descendant = context.obj({
    ...{ Type: "Font", Subtype: "CIDFontType0", BaseFont: name, DW: 1000, W: widthsArray(program) },
    CIDSystemInfo: {
      ...{ Registry: PDFString.of("Adobe"), Ordering: PDFString.of("Identity"), Supplement: 0 },
    },
    FontDescriptor: context.register(descriptor),
  });
  const font = context.obj({
    ...{ Type: "Font", Subtype: "Type0", BaseFont: name, Encoding: "Identity-H" },
    DescendantFonts: [context.register(descendant)],
    ToUnicode: context.register(context.flateStream(toUnicode(codes))),
  });
  return { ref: context.register(font), codes };
}

/** What the fonts are called on a page, and in the appearance of a field. */
export const fontNames = { Regular: PDFName.of("NotoSansJP"), Bold: PDFName.of("NotoSansJP-Bold") } as const;

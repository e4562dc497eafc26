/**
 * Text in a PDF that is read aloud, searched and copied but not seen, over words drawn as outlines. pdf-lib takes a font
 * of Noto's kind (CFF) apart so that other programs show no Japanese letter; whole, it has 5 MB. So nothing is embedded:
 * an invisible letter (ISO 32000-2, text rendering mode 3) needs its code in Unicode and no shape.
 */

import {
  beginText,
  endText,
  type PDFDocument,
  PDFHexString,
  PDFName,
  type PDFPage,
  type PDFRef,
  setCharacterSqueeze,
  setFontAndSize,
  setTextMatrix,
  setTextRenderingMode,
  showText,
  TextRenderingMode,
} from "pdf-lib";

const hex4 = (value: number) => value.toString(16).padStart(4, "0");
const utf16 = (letter: string) =>
  Array.from({ length: letter.length }, (_, at) => hex4(letter.charCodeAt(at))).join("");

/** A table from our codes to Unicode (Adobe Technical Note 5411), in groups of 100, which is the most it allows. */
function toUnicode(letters: readonly string[]): string {
  const lines = letters.map((letter, at) => `<${hex4(at + 1)}> <${utf16(letter)}>`);
  const groups = Array.from({ length: Math.ceil(lines.length / 100) }, (_, at) =>
    lines.slice(at * 100, at * 100 + 100),
  );
  return [
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
    "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ...groups.map((group) => [`${group.length} beginbfchar`, ...group, "endbfchar"].join("\n")),
    "endcmap CMapName currentdict /CMap defineresource pop end end",
  ].join("\n");
}

export interface TextLine {
  text: string;
  /** Left end of the baseline, size and length of the line, in points, counted from the page's lower left corner. */
  x: number;
  y: number;
  size: number;
  width: number;
}

/** A font without any shape, in which every letter is as wide as it is high. */
function registerFont({ context }: PDFDocument, letters: readonly string[]): PDFRef {
  const name = "Outlined";
  const descriptor = context.obj({
    ...{ Type: "FontDescriptor", FontName: name, Flags: 4, FontBBox: [0, -120, 1000, 880], ItalicAngle: 0 },
    ...{ Ascent: 880, Descent: -120, CapHeight: 733, StemV: 80 },
  });
  const descendant = context.obj({
    ...{ Type: "Font", Subtype: "CIDFontType2", BaseFont: name, DW: 1000, CIDToGIDMap: "Identity" },
    CIDSystemInfo: {
      Registry: PDFHexString.fromText("Adobe"),
      Ordering: PDFHexString.fromText("Identity"),
      Supplement: 0,
    },
    FontDescriptor: context.register(descriptor),
  });
  return context.register(
    context.obj({
      ...{ Type: "Font", Subtype: "Type0", BaseFont: name, Encoding: "Identity-H" },
      DescendantFonts: [context.register(descendant)],
      ToUnicode: context.register(context.flateStream(toUnicode(letters))),
    }),
  );
}

/** Adds these lines to a page in the order in which they are to be read. */
export function addTextLayer(document: PDFDocument, sheet: PDFPage, lines: readonly TextLine[]): void {
  const letters = [...new Set(lines.flatMap(({ text }) => [...text]))];
  const codes = new Map(letters.map((letter, at) => [letter, hex4(at + 1)]));
  const font = PDFName.of("TextLayer");
  sheet.node.setFontDictionary(font, registerFont(document, letters));
  for (const { text, x, y, size, width } of lines)
    sheet.pushOperators(
      ...[beginText(), setTextRenderingMode(TextRenderingMode.Invisible), setFontAndSize(font, size)],
      setCharacterSqueeze((100 * width) / (size * [...text].length || 1)),
      setTextMatrix(1, 0, 0, 1, x, y),
      showText(PDFHexString.of([...text].map((letter) => codes.get(letter)).join(""))),
      endText(),
    );
}

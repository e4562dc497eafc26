/** The cover of a guide (A4) with the organisation's name, and a guide's PDF whose first page is replaced by it. */

import { PDFDocument } from "pdf-lib";
import type { Palette } from "#db/colour/palette.ts";
import { fitText } from "./lines.ts";
import type { Weight } from "./outlines.ts";
import { mm, paint, page, type Pen, writeLine } from "./pen.ts";
import { addTextLayer } from "./text-layer.ts";

export interface CoverValues {
  title: string;
  /** One or two sentences about the guide. */
  summary: string;
  /** "読んでいただきたい方: …"; undefined: no such line. */
  readers?: string | undefined;
  /** The headings of the guide. */
  contents: readonly string[];
  /** What stands below: name, telephone and hours, the day of the last change, what the guide is not. */
  footer: readonly string[];
  /** A sentence in a frame, such as that all this is invented; undefined: none. */
  notice?: string | undefined;
  palette: Palette;
}

const left = 24 * mm;
const textWidth = page.width - 2 * left;
const colours = { ground: "#fff7ef", ink: "#1a1a1c", line: "#767676" } as const;

interface Paragraph {
  /** Distance of its upper edge from the top of the page. */
  top: number;
  size: number;
  weight?: Weight;
  colour?: string;
  maxLines?: number;
  lineHeight?: number;
  indent?: number;
}

/** Draws a paragraph as outlines; answers where it ends. */
function paragraph(pen: Pen, text: string, options: Paragraph): number {
  const { top, weight = "Regular", colour = colours.ink, maxLines = 3, lineHeight = 1.7, indent = 0 } = options;
  const { lines, size } = fitText(text, { width: textWidth - indent, maxSize: options.size, maxLines, weight });
  for (const [at, line] of lines.entries()) {
    const [x, y] = [left + indent, page.height - top - size * (lineHeight * (at + 0.5) + 0.38)];
    writeLine(pen, line, { x, y, size, weight, colour });
  }
  return top + size * lineHeight * lines.length;
}

/** Title, summary, readers and contents, from 60 mm below the upper edge on. */
function drawHead(pen: Pen, { title, summary, readers, contents, palette }: CoverValues): void {
  const titled = { top: 60 * mm, size: 27, weight: "Bold", colour: palette.day.strong, lineHeight: 1.4 } as const;
  let top = paragraph(pen, title, titled) + 8 * mm;
  top = paragraph(pen, summary, { top, size: 12 }) + 4 * mm;
  if (readers !== undefined) top = paragraph(pen, readers, { top, size: 12 });
  top += 10 * mm;
  for (const [at, heading] of contents.entries()) {
    paragraph(pen, `${at + 1}.`, { top, size: 12, lineHeight: 2 });
    top = paragraph(pen, heading, { top, size: 12, lineHeight: 2, indent: 7 * mm, maxLines: 2 });
  }
}

/** Footer and notice, upwards from 20 mm above the lower edge. */
function drawFoot(pen: Pen, { footer, notice }: CoverValues): void {
  const size = 9.5;
  const height = (text: string) =>
    fitText(text, { width: textWidth, maxSize: size, maxLines: 3, weight: "Regular" }).lines.length * size * 1.7;
  const box = notice === undefined ? 0 : height(notice) + 6 * mm;
  let top = page.height - 20 * mm - box - footer.reduce((sum, line) => sum + height(line) + 2, 0);
  for (const line of footer) top = paragraph(pen, line, { top, size }) + 2;
  if (notice === undefined) return;
  pen.sheet.drawRectangle({
    ...{ x: left, y: page.height - top - box, width: textWidth, height: box },
    ...{ borderColor: paint(colours.line), borderWidth: 0.75 },
  });
  paragraph(pen, notice, { top: top + 3 * mm, size, indent: 4 * mm });
}

/** Draws the cover as the first page of the document. */
function insertCover(document: PDFDocument, values: CoverValues): void {
  const sheet = document.insertPage(0, [page.width, page.height]);
  const pen: Pen = { sheet, written: [] };
  sheet.drawRectangle({ x: 0, y: 0, width: page.width, height: page.height, color: paint(colours.ground) });
  const band = 16 * mm;
  const top = { x: 0, y: page.height - band, width: page.width, height: band };
  sheet.drawRectangle({ ...top, color: paint(values.palette.day.strong) });
  drawHead(pen, values);
  drawFoot(pen, values);
  addTextLayer(document, sheet, pen.written);
}

/**
 * A guide whose first page is this cover: the PDF's own first page is taken out, all others stay. Without a PDF the
 * cover alone, for a guide whose text is written elsewhere.
 */
export async function withCover(values: CoverValues, guide?: Uint8Array): Promise<Buffer> {
  const document = guide === undefined ? await PDFDocument.create() : await PDFDocument.load(guide);
  if (guide !== undefined) document.removePage(0);
  insertCover(document, values);
  document.setTitle(values.title, { showInWindowTitleBar: true });
  document.setLanguage("ja");
  // The same values make the same bytes: a guide gets no new version at every start.
  document.setModificationDate(document.getCreationDate() ?? new Date(0));
  if (guide === undefined) document.setCreationDate(new Date(0));
  return Buffer.from(await document.save());
}

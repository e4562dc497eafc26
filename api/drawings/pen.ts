/** Writing on a sheet of a PDF: words as outlines, and what was written, for its text layer. */

import { type PDFPage, rgb } from "pdf-lib";
import { drawable, outlines, type Weight, widthOf } from "./outlines.ts";
import type { TextLine } from "./text-layer.ts";

/** A4 in points: 1/72 inch. */
export const page = { width: 595.28, height: 841.89 } as const;

/** A millimetre in points. */
export const mm = 72 / 25.4;

/** "#rrggbb" as pdf-lib takes it. */
export const paint = (hex: string) => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  return rgb(red, green, blue);
};

export interface Pen {
  sheet: PDFPage;
  /** What was written so far, in the order in which it is read. */
  written: TextLine[];
}

interface Style {
  /** Left end of the line and its baseline, in points from the lower left corner of the page. */
  x: number;
  y: number;
  size: number;
  weight: Weight;
  colour: string;
}

/** Writes one line; returns its width in points. */
export function writeLine({ sheet, written }: Pen, text: string, { x, y, size, weight, colour }: Style): number {
  const width = size * widthOf(text, weight);
  sheet.drawSvgPath(outlines(text, { x: 0, y: 0, size, weight }), { x, y, color: paint(colour), borderWidth: 0 });
  written.push({ text: drawable(text, weight), x, y, size, width });
  return width;
}

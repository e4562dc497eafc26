/** Blocks of a report on A4: each knows its height, and they are laid onto pages one below the other. */

import { PDFDocument } from "pdf-lib";
import { wrapText } from "#api/drawings/lines.ts";
import { type Weight, widthOf } from "#api/drawings/outlines.ts";
import { mm, page, paint, type Pen, writeLine } from "#api/drawings/pen.ts";
import { addTextLayer } from "#api/drawings/text-layer.ts";

/** Heights and distances in points; `top` is the distance of the block's upper edge from that of the page. */
export interface SurveyBlock {
  height: number;
  draw: (pen: Pen, top: number) => void;
}

export const margin = { side: 20 * mm, top: 17 * mm, bottom: 21 * mm } as const;
export const textWidth = page.width - 2 * margin.side;
export const surveyInk = {
  text: "#1a1a1c",
  soft: "#4d4d4d",
  line: "#b9c0cb",
  track: "#eaeef3",
  rest: "#8a919c",
} as const;

export interface TextStyle {
  size: number;
  weight?: Weight;
  colour?: string;
  /** Distance from the left margin, and width; without one, all that is left of the page's. */
  left?: number;
  width?: number;
  lineHeight?: number;
  /** Room above and below. */
  before?: number;
  after?: number;
  /** Ends at `left` instead of beginning there. */
  isRight?: boolean;
}

/** A paragraph. */
export function textBlock(text: string, style: TextStyle): SurveyBlock {
  const {
    size,
    weight = "Regular",
    colour = surveyInk.text,
    left = 0,
    lineHeight = 1.6,
    before = 0,
    after = 0,
  } = style;
  const lines = style.isRight ? [text] : wrapText(text, (style.width ?? textWidth - left) / size, weight);
  return {
    height: before + lines.length * size * lineHeight + after,
    draw: (pen, top) => {
      for (const [at, line] of lines.entries()) {
        const y = page.height - top - before - size * (lineHeight * (at + 0.5) + 0.38);
        const x = margin.side + left - (style.isRight ? size * widthOf(line, weight) : 0);
        writeLine(pen, line, { x, y, size, weight, colour });
      }
    },
  };
}

/** Blocks side by side: as high as the highest. */
export const sideBySide = (blocks: readonly SurveyBlock[], after = 0): SurveyBlock => ({
  height: Math.max(...blocks.map(({ height }) => height)) + after,
  draw: (pen, top) => {
    for (const block of blocks) block.draw(pen, top);
  },
});

/** Blocks one below the other, which no page parts. */
export const below = (blocks: readonly SurveyBlock[]): SurveyBlock => ({
  height: blocks.reduce((sum, { height }) => sum + height, 0),
  draw: (pen, top) => {
    let at = top;
    for (const block of blocks) {
      block.draw(pen, at);
      at += block.height;
    }
  },
});

/** A block in a frame. */
export function framed(block: SurveyBlock, after: number): SurveyBlock {
  const inside = 3 * mm;
  const height = block.height + 2 * inside;
  return {
    height: height + after,
    draw: (pen, top) => {
      const box = { x: margin.side, y: page.height - top - height, width: textWidth, height };
      pen.sheet.drawRectangle({ ...box, borderColor: paint(surveyInk.rest), borderWidth: 0.75 });
      block.draw(pen, top + inside);
    },
  };
}

/** Places of blocks, page by page: a group stands on one page where it fits on one, and begins a new one rather than being parted. */
export function pagesOf(groups: readonly (readonly SurveyBlock[])[]): { block: SurveyBlock; top: number }[][] {
  const room = page.height - margin.top - margin.bottom;
  const pages: { block: SurveyBlock; top: number }[][] = [[]];
  let used = 0;
  const turn = () => {
    pages.push([]);
    used = 0;
  };
  for (const group of groups) {
    const { height } = below(group);
    if (used > 0 && used + height > room && height <= room) turn();
    for (const block of group) {
      if (used > 0 && used + block.height > room) turn();
      pages.at(-1)?.push({ block, top: margin.top + used });
      used += block.height;
    }
  }
  return pages;
}

/** What stands on every page besides its blocks. */
export type Frame = (pen: Pen, at: { page: number; of: number }) => void;

/** A document of these groups. */
export async function documentOf(groups: readonly (readonly SurveyBlock[])[], frame: Frame): Promise<PDFDocument> {
  const document = await PDFDocument.create();
  const pages = pagesOf(groups);
  for (const [at, blocks] of pages.entries()) {
    const pen: Pen = { sheet: document.addPage([page.width, page.height]), written: [] };
    for (const { block, top } of blocks) block.draw(pen, top);
    frame(pen, { page: at + 1, of: pages.length });
    addTextLayer(document, pen.sheet, pen.written);
  }
  return document;
}

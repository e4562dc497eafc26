/** The picture beside a shared link (Open Graph), as an SVG without any text: 1,200 x 630. */

import type { Palette } from "#db/colour/palette.ts";
import { fitText } from "./lines.ts";
import { outlines, type Weight } from "./outlines.ts";
import { nightScene } from "./scene.ts";

export const shareSize = { width: 1200, height: 630 } as const;

export interface ShareValues {
  name: string;
  /** One sentence about the organisation. */
  sentence: string;
  palette: Palette;
  /** A word in a frame, such as 見本; undefined for an installation that is real. */
  badge?: string;
  hasLogo: boolean;
}

/** A part of the picture, in pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

const colours = { ground: "#fff7ef", ink: "#1a1a1c", line: "#767676", white: "#ffffff" } as const;

/** Names whose letters would be smaller than this beside the drawing stand above it, across the whole picture. */
const smallest = 46;

interface Block {
  text: string;
  x: number;
  /** The upper edge. */
  y: number;
  width: number;
  maxSize: number;
  maxLines: number;
  weight: Weight;
  colour: string;
  lineHeight: number;
}

/** Lines under each other, and the y of what follows below. */
function block({ text, x, y, colour, lineHeight, ...room }: Block): { svg: string; bottom: number } {
  const { lines, size } = fitText(text, room);
  const step = size * lineHeight;
  // The letters stand in the middle of their line: Noto's box is 0.88 above the baseline and 0.12 below.
  const paths = lines.map((line, at) =>
    outlines(line, { x, y: y + step * at + step / 2 + size * 0.38, size, weight: room.weight }),
  );
  return { svg: `<path fill="${colour}" d="${paths.join("")}"/>`, bottom: y + step * lines.length };
}

function badge(text: string, x: number, y: number): string {
  const { lines, size } = fitText(text, { width: 400, maxSize: 24, maxLines: 1, weight: "Regular" });
  const width = Math.round(size * (lines[0]?.length ?? 0)) + 36;
  const path = outlines(lines[0] ?? "", { x: x + 18, y: y + 31, size, weight: "Regular" });
  return `<rect x="${x + 1}" y="${y + 1}" width="${width - 2}" height="42" rx="8" fill="none" stroke="${colours.line}" stroke-width="2"/><path fill="${colours.ink}" d="${path}"/>`;
}

/** Where the drawing or the logo stands, and how wide the name may be: beside it, or above where the name is long. */
function layout(name: string): { panel: Area; nameWidth: number; isBeside: boolean } {
  const nameWidth = 440;
  const beside = fitText(name, { width: nameWidth, maxSize: 68, maxLines: 2, weight: "Bold" });
  return beside.size >= smallest
    ? { panel: { x: 540, y: 115, width: 600, height: 400 }, nameWidth, isBeside: true }
    : { panel: { x: 660, y: 270, width: 480, height: 300 }, nameWidth: 1060, isBeside: false };
}

/** Where the logo is to be drawn into the picture: within the panel, with room around it. */
export function logoArea({ name }: Pick<ShareValues, "name">): Area {
  const { panel } = layout(name);
  const margin = 40;
  return {
    ...{ x: panel.x + margin, y: panel.y + margin },
    ...{ width: panel.width - 2 * margin, height: panel.height - 2 * margin },
  };
}

/** The panel: the drawing, cut to the panel, or a white ground for the logo. */
function panelSvg({ x, y, width, height }: Area, { palette, hasLogo }: ShareValues): string {
  const frame = `x="${x}" y="${y}" width="${width}" height="${height}"`;
  if (hasLogo) return `<rect ${frame} rx="32" fill="${colours.white}"/>`;
  return [
    `<clipPath id="panel"><rect ${frame} rx="32"/></clipPath>`,
    `<g clip-path="url(#panel)"><svg ${frame} viewBox="0 0 480 320" preserveAspectRatio="xMidYMid slice">`,
    `${nightScene(palette.chosen)}</svg></g>`,
  ].join("");
}

/** Name, sentence and badge; the name 0 from above, `height` for all three. */
function column(values: ShareValues): { svg: string; height: number } {
  const { name, sentence, palette } = values;
  const { panel, nameWidth, isBeside } = layout(name);
  const heading = block({
    ...{ text: name, x: 70, y: 0, width: nameWidth, maxSize: 68, maxLines: 2 },
    ...{ weight: "Bold", colour: palette.day.strong, lineHeight: 1.35 },
  });
  const words = block({
    ...{ text: sentence, x: 70, y: isBeside ? heading.bottom + 24 : panel.y - aboveTop, width: panel.x - 70 - 40 },
    ...{ maxSize: 34, maxLines: isBeside ? 3 : 4, weight: "Regular", colour: colours.ink, lineHeight: 1.6 },
  });
  const mark = values.badge === undefined ? "" : badge(values.badge, 70, words.bottom + 20);
  return { svg: heading.svg + words.svg + mark, height: words.bottom + (mark === "" ? 0 : 64) };
}

/** Where a name begins that stands above the drawing. */
const aboveTop = 60;

/** The whole picture but for the logo. Beside the drawing the words stand in the middle of its height. */
export function shareSvg(values: ShareValues): string {
  const { panel, isBeside } = layout(values.name);
  const { svg, height } = column(values);
  const top = isBeside ? Math.round(panel.y + (panel.height - height) / 2) : aboveTop;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${shareSize.width}" height="${shareSize.height}">`,
    `<path fill="${colours.ground}" d="M0 0h1200v630H0z"/>`,
    `${panelSvg(panel, values)}<g transform="translate(0 ${top})">${svg}</g></svg>`,
  ].join("");
}

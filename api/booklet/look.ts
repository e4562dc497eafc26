/** How the booklet looks: measures in points, and colours. */

import type { Palette } from "#db/colour/palette.ts";
import type { Variant } from "./parts.ts";
import { paper } from "./sheet.ts";

/** Words that are not in the foreground, and the lines of boxes. */
export const ink = "#1c2536";
export const soft = "#55607a";
export const white = "#ffffff";
/** What must be seen first. */
export const urgent = "#b20000";

export interface Look {
  /** Size of the letters of a label above a box. */
  label: number;
  /** Height of one line of handwriting. */
  pitch: number;
  /** Height of a box of one line. */
  box: number;
  /** Between blocks, and before a section. */
  gap: number;
  sectionGap: number;
  heading: number;
  strong: string;
  /** Band and heads of tables, and words on them: on paper light, which saves ink. */
  head: string;
  onHead: string;
  tint: string;
  line: string;
}

export const printArea = { left: 48, width: paper.width - 96, bottom: paper.height - 50 } as const;

const roomy = { label: 9, pitch: 23, box: 27, gap: 8, sectionGap: 20, heading: 15 } as const;
/** For a sheet of two sides. */
const dense = { label: 8.5, pitch: 19, box: 23, gap: 5, sectionGap: 9, heading: 13 } as const;

/** Lines of boxes are many, and would be louder than the words: two thirds of the colour, one third white. */
const lighter = (hex: string) =>
  `#${[1, 3, 5]
    .map((at) => Math.round((2 * Number.parseInt(hex.slice(at, at + 2), 16) + 255) / 3))
    .map((value) => value.toString(16).padStart(2, "0"))
    .join("")}`;

/** The look of a booklet in the organisation's colours. */
export function lookOf(isDense: boolean, variant: Variant, { day }: Palette): Look {
  const { strong, onStrong, tint } = day;
  const head = variant === "printable" ? { head: tint, onHead: strong } : { head: strong, onHead: onStrong };
  return { ...(isDense ? dense : roomy), strong, tint, line: lighter(day.line), ...head };
}

/** The height of a box of so many lines. */
export const boxHeight = ({ box, pitch }: Look, lines = 1): number => box + (lines - 1) * pitch;

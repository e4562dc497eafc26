/** The parts of a section, row by row: boxes with their labels, tables, things to tick, printed words. */

import { widthOf } from "#api/drawings/outlines.ts";
import { boxHeight, printArea, ink, type Look, soft, urgent, white } from "./look.ts";
import type { BookletBlock, BookletColumn, Field, Fields, BookletTable, Text, Ticks } from "./parts.ts";
import { type SheetArea, type Sheets, wrap } from "./sheet.ts";
import type { TagName } from "./tags.ts";

/** What is not parted by the end of a page. */
export interface Row {
  height: number;
  draw: (top: number) => void;
}

/** Rows that belong together. */
export interface Group {
  tag?: TagName;
  /** Drawn first, and again on each page on which the rows go on. */
  header?: Row;
  rows: Row[];
}

interface Setting {
  sheets: Sheets;
  look: Look;
  /** Prefix of the names of fields, and heading of the section for their tooltips. */
  section: { id: string; title: string };
}

/** Draws an empty box, with dotted lines to write on where it has several lines, and the field in it. */
export function writingBox(
  { sheets, look }: Omit<Setting, "section">,
  area: SheetArea,
  lines: number,
  line = look.line,
): void {
  const fill = sheets.variant === "fillable" ? look.tint : white;
  sheets.box(area, { fill, line, thick: line === look.line ? 0.75 : 1.75 });
  if (sheets.variant === "fillable") return;
  for (let at = 1; at < lines; at++)
    sheets.rule({ left: area.left + 6, top: area.top + boxHeight(look, at) - 2 }, area.width - 12, soft, true);
}

const inset = ({ left, top, width, height }: SheetArea, by: number): SheetArea => ({
  ...{ left: left + by, top: top + by, width: width - 2 * by, height: height - 2 * by },
});

function drawField(setting: Setting, field: Field, area: Omit<SheetArea, "height">): void {
  const { sheets, look, section } = setting;
  const { label, hint, lines = 1, isLarge, isUrgent } = field;
  const head = look.label * 1.6;
  sheets.tags.within("P", () => {
    const style = { size: look.label, weight: "Bold", colour: isUrgent ? urgent : ink } as const;
    sheets.line(label, { ...area, height: head }, style);
    const left = area.left + widthOf(label, "Bold") * look.label + 6;
    if (hint !== undefined)
      sheets.line(hint, { left, top: area.top, height: head }, { size: look.label - 1, colour: soft });
  });
  const box = { ...area, top: area.top + head + 1, height: heightOf(look, field) };
  writingBox(setting, box, lines, isUrgent ? urgent : undefined);
  const name = `${section.id}-${field.id}`;
  const size = isLarge ? 18 : lines > 1 ? 0 : 11;
  sheets.field(inset(box, 1), { name, tooltip: field.asks, size, isMultiline: lines > 1 });
}

const heightOf = (look: Look, { lines = 1, isLarge }: Field) => boxHeight(look, lines) + (isLarge ? 11 : 0);

/** The left end and width of parts of a whole, given their shares. */
function parted<Part extends { share?: number }>(parts: readonly Part[], left: number, width: number, gap: number) {
  const room = width - gap * (parts.length - 1);
  let at = left;
  return parts.map((part) => {
    const place = { part, left: at, width: room * (part.share ?? 1 / parts.length) };
    at += place.width + gap;
    return place;
  });
}

function fieldRows(setting: Setting, { rows }: Fields): Group {
  const { look } = setting;
  return {
    rows: rows.map((fields) => ({
      height: Math.max(...fields.map((field) => heightOf(look, field))) + look.label * 1.6 + 1 + look.gap,
      draw: (top) => {
        for (const { part, left, width } of parted(fields, printArea.left, printArea.width, 12))
          drawField(setting, part, { left, top, width });
      },
    })),
  };
}

/** The square to tick; the field around it is larger, so that a finger meets it. */
function tickBox({ sheets, look }: Setting, middle: { x: number; y: number }, name: string, tooltip: string): void {
  const square = (size: number) => ({ left: middle.x - size / 2, top: middle.y - size / 2, width: size, height: size });
  sheets.box(square(14), { fill: white, line: look.line, thick: 1 });
  sheets.field(square(Math.min(24, look.box - 2)), { name, tooltip, isTick: true });
}

/** Options as they stand beside one another, in as many lines as they need. */
function optionLines(
  { look }: Setting,
  options: readonly string[],
): { option: string; at: number; left: number; down: number }[] {
  let [left, down] = [printArea.left as number, 0];
  return options.map((option, at) => {
    const width = widthOf(option, "Regular") * 10 + 30;
    if (left + width > printArea.left + printArea.width) [left, down] = [printArea.left, down + look.box];
    const place = { option, at, left, down };
    left += width + 16;
    return place;
  });
}

function tickRows(setting: Setting, { id, label, options }: Ticks): Group {
  const { sheets, look, section } = setting;
  const head = look.label * 1.6 + 1;
  const places = optionLines(setting, options);
  const draw = (top: number) => {
    const style = { size: look.label, weight: "Bold", colour: ink } as const;
    sheets.tags.within("P", () => sheets.line(label, { left: printArea.left, top, height: head }, style));
    for (const { option, at, left, down } of places) {
      const line = { left: left + 24, top: top + head + down, height: look.box };
      const middle = { x: left + 11, y: line.top + look.box / 2 };
      tickBox(setting, middle, `${section.id}-${id}-${at + 1}`, `${label}：${option}`);
      sheets.tags.within("P", () => sheets.line(option, line, { size: 10, colour: ink }));
    }
  };
  return { rows: [{ height: head + (places.at(-1)?.down ?? 0) + look.box + look.gap - 2, draw }] };
}

function textRows({ sheets, look }: Setting, { text, isNotice }: Text): Group {
  const size = isNotice ? look.label + 2.5 : look.label + 0.5;
  const pad = isNotice ? 6 : 0;
  const width = printArea.width - 2 * pad - (isNotice ? 8 : 0);
  const weight = isNotice ? "Bold" : "Regular";
  const height = wrap(text, width, { size, weight }).length * size * 1.55 + 2 * pad;
  const draw = (top: number) => {
    if (isNotice) sheets.box({ left: printArea.left, top, width: printArea.width, height }, { fill: look.tint });
    const left = printArea.left + (isNotice ? pad + 4 : 0);
    sheets.tags.within("P", () =>
      sheets.paragraph(text, { left, top: top + pad, width }, { size, weight, colour: ink }),
    );
  };
  return { rows: [{ height: height + look.gap, draw }] };
}

/** A table's columns with that of the names of rows. */
const columnsOf = ({
  rowLabel,
  nameShare = 0.2,
  columns,
}: BookletTable): (Omit<BookletColumn, "id" | "asks"> & Partial<BookletColumn>)[] => [
  { label: rowLabel, share: nameShare },
  ...columns,
];

const rowNames = ({ rows }: BookletTable): readonly string[] =>
  typeof rows === "number" ? Array.from({ length: rows }, (_, at) => String(at + 1)) : rows;

function tableRows(setting: Setting, table: BookletTable): Group {
  const { sheets, look, section } = setting;
  const columns = parted(columnsOf(table), printArea.left, printArea.width, 0);
  const lines = table.lines ?? 1;
  const nameSize = look.label;
  const isShort = (table.columns[0]?.isTick ?? false) && lines === 1;
  const height = isShort ? 23 : boxHeight(look, lines);
  const header: Row = {
    height: look.label * 2,
    draw: (top) =>
      sheets.tags.within("TR", () => {
        sheets.box(
          { left: printArea.left, top, width: printArea.width, height: look.label * 2 },
          { fill: look.head, radius: 0 },
        );
        for (const { part, left } of columns) {
          const style = { size: look.label - 0.5, weight: "Bold", colour: look.onHead } as const;
          const place = { left: left + 5, top, height: look.label * 2 };
          sheets.tags.within("TH", () => sheets.line(part.label, place, style));
        }
      }),
  };
  const drawRow = (name: string, row: number, top: number) => {
    for (const [at, { part, left, width }] of columns.entries()) {
      const area = { left, top, width, height };
      const fill = at === 0 ? look.tint : white;
      sheets.box(area, { fill, line: look.line, radius: 0 });
      if (at === 0) {
        const words = wrap(name, width - 10, { size: nameSize, weight: "Bold" });
        const start = top + (height - words.length * nameSize * 1.55) / 2;
        const style = { size: nameSize, weight: "Bold", colour: ink } as const;
        sheets.tags.within("TH", () =>
          sheets.paragraph(name, { left: left + 5, top: start, width: width - 10 }, style),
        );
        continue;
      }
      const field = `${section.id}-${table.id}-${row + 1}-${part.id}`;
      const tooltip = `${name}${part.asks}`;
      sheets.tags.within("TD", () => {
        if (part.isTick) return tickBox(setting, { x: left + width / 2, y: top + height / 2 }, field, tooltip);
        if (sheets.variant === "printable")
          for (let line = 1; line < lines; line++)
            sheets.rule({ left: left + 5, top: top + boxHeight(look, line) - 2 }, width - 10, soft, true);
        const size = lines > 1 ? 0 : part.isLarge ? 13 : 10.5;
        return sheets.field(inset(area, 1), { name: field, tooltip, size, isMultiline: lines > 1 });
      });
    }
  };
  const rows = rowNames(table).map((name, row) => ({
    height,
    draw: (top: number) => sheets.tags.within("TR", () => drawRow(name, row, top)),
  }));
  const last = rows.at(-1);
  if (last) last.height += look.gap + 2;
  return { tag: "Table", header, rows };
}

/** The rows of one part of a section. */
export function blockGroupOf(setting: Setting, block: BookletBlock): Group {
  if (block.kind === "fields") return fieldRows(setting, block);
  if (block.kind === "table") return tableRows(setting, block);
  return block.kind === "ticks" ? tickRows(setting, block) : textRows(setting, block);
}

/** What a booklet to fill in consists of: sections with boxes, tables, things to tick and printed words. */

import type { Palette } from "#db/colour/palette.ts";

/** With boxes to type into, or with empty lines to write on by hand. */
export type Variant = "fillable" | "printable";
export const variants: Record<Variant, string> = { fillable: "入力用", printable: "手書き用" };

/** One box to write in. Its name in the PDF is the section's id, a hyphen, and its id. */
export interface Field {
  id: string;
  /** Printed above the box. */
  label: string;
  /** What it asks, as a sentence: read out by screen readers, shown when pointed at. */
  asks: string;
  /** An example or a remark, printed behind the label. */
  hint?: string;
  /** Lines of handwriting; 1 where absent. */
  lines?: number;
  /** Width as a share of its row; equal shares where absent. */
  share?: number;
  /** Letters twice as large, for what must be read at a glance. */
  isLarge?: boolean;
  /** In red: what must be seen first. */
  isUrgent?: boolean;
}

/** Fields beside and below one another. */
export interface Fields {
  kind: "fields";
  rows: readonly (readonly Field[])[];
}

/** A column of a table; in its tooltip, `asks` stands behind the name of the row. */
export interface BookletColumn {
  id: string;
  label: string;
  asks: string;
  share: number;
  /** A box to tick instead of one to write in. */
  isTick?: boolean;
  /** Larger letters: a number to be dialled. */
  isLarge?: boolean;
}

/** Rows that are alike: named ones, or so many empty ones. */
export interface BookletTable {
  kind: "table";
  id: string;
  /** The heading of the first column, which names the rows. */
  rowLabel: string;
  /** Names of the rows, or how many numbered ones there are. */
  rows: readonly string[] | number;
  columns: readonly BookletColumn[];
  /** Lines of handwriting in a row. */
  lines?: number;
  /** Width of the column of names as a share of the table's. */
  nameShare?: number;
}

/** Things to tick, any number of them. */
export interface Ticks {
  kind: "ticks";
  id: string;
  label: string;
  options: readonly string[];
}

/** Words that are printed. */
export interface Text {
  kind: "text";
  text: string;
  /** In a frame, to be seen first. */
  isNotice?: boolean;
}

export type BookletBlock = Fields | BookletTable | Ticks | Text;

export interface BookletSection {
  id: string;
  title: string;
  /** How to fill it in. */
  lead: string;
  blocks: readonly BookletBlock[];
}

export interface Booklet {
  title: string;
  /** Which edition it is, printed beside the title. */
  edition: string;
  /** A sentence under the title. */
  lead: string;
  /** Boxes at its head. */
  head: readonly Field[];
  sections: readonly BookletSection[];
  /** Number of its pages, which stands on each of them. */
  pages: number;
  /** Name and tooltip of the field that is repeated on every page, so that a loose sheet is not taken for another child's. */
  nameField: { name: string; tooltip: string };
  /** Smaller boxes and less between them, for a sheet of two sides. */
  isDense: boolean;
}

/** What a booklet shows of the organisation. */
export interface OrganisationValues {
  name: string;
  legalName: string;
  /** "" where there is none; hours then are not shown either. */
  phone: string;
  hours: string;
  palette: Palette;
  /** That all this is invented; "" for a real organisation. */
  notice: string;
}

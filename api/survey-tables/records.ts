/** From the bytes of a survey's table to its lines and cells, and the numbers in them. */

import { parse } from "csv-parse/sync";
import { withoutControls } from "#analytics/controls.ts";
import { type NoText, noTextIn, textOf } from "#analytics/text-encoding.ts";
import { Refused } from "#db/errors.ts";

export interface TableLine {
  /** Of the file, from 1. */
  line: number;
  cells: string[];
}

const kinds: Record<NoText, string> = {
  ...{ xlsx: "Excel のブック（.xlsx）", xls: "古い Excel のブック（.xls）", pdf: "PDF", gzip: "圧縮されたファイル" },
  ...{ png: "画像", jpeg: "画像", gif: "画像" },
};

/** The most bytes of a table: a survey of a hundred questions has a tenth of it. */
const maxBytes = 1024 * 1024;

/**
 * The lines of a CSV that is not empty, with trimmed cells; separated by commas, or by tabs where a heading is. In UTF-8,
 * UTF-16 or CP932. Throws Refused for anything else.
 */
export function linesIn(bytes: Uint8Array): TableLine[] {
  const kind = noTextIn(bytes);
  if (kind) throw new Refused(`${kinds[kind]}です。表計算ソフトで「CSV」として保存し直してください。`);
  if (bytes.length > maxBytes) throw new Refused("1MB より大きいファイルは、調査の表ではないようです。");
  const text = textOf(bytes);
  const delimiter = /^"?設問"?\t/mu.test(text) ? "\t" : ",";
  try {
    const options = { delimiter, relax_column_count: true, relax_quotes: true, info: true } as const;
    const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return records
      .map(({ record, info }) => ({ line: info.lines, cells: record.map((cell) => withoutControls(cell).trim()) }))
      .filter(({ cells }) => cells.some((cell) => cell !== ""));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("CSV_"))) throw error;
    throw new Refused('CSV として読めませんでした。引用符（"）が閉じられているか確かめてください。');
  }
}

/** Blank, a dash, or said to be unknown: not recorded, which is not 0. */
const unrecorded = /^(?:[-‐‑–—―−ー*]*|不明|記録なし|未集計)$/u;

/** A whole number with its thousands apart or not, full-width or not; null: not recorded; undefined: not readable. */
export function recordedCount(cell: string): number | null | undefined {
  const text = cell.normalize("NFKC").trim();
  if (unrecorded.test(text)) return null;
  if (/^\d{1,3}(?:,\d{3})+$/u.test(text)) return Number(text.replaceAll(",", ""));
  return /^\d{1,7}$/u.test(text) ? Number(text) : undefined;
}

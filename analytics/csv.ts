/** Tables for spreadsheets. */
import { matchType } from "#db/terms.ts";
import type { KeywordRow } from "./keyword-rows.ts";
import { inSteps } from "./steps.ts";

/** A cell that a spreadsheet would take for a formula, full-width signs included (Excel on a Japanese Windows). */
const formula = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** One cell: never a formula, quoted where it has to be. */
export function csvCell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const headings = [
  "キャンペーン",
  "広告グループ",
  "キーワード",
  "マッチタイプ",
  "表示回数",
  "広告のクリック数",
  "着地数",
  "資料ダウンロード",
  "相談",
  "費用",
  "通貨",
  "相談1件あたりの費用",
  "備考",
];

/** The table of the report: UTF-8 with its mark and CRLF, for Excel. No totals among the rows. */
export async function keywordCsv(rows: KeywordRow[]): Promise<string> {
  const lines = [lineOf(headings)];
  await inSteps(rows, (row) => lines.push(lineOf(cellsOf(row))));
  return `\ufeff${lines.join("")}`;
}

const lineOf = (cells: (string | number | undefined)[]) =>
  `${cells.map((cell) => csvCell(String(cell ?? ""))).join(",")}\r\n`;

const cellsOf = (row: KeywordRow) => [
  row.campaign,
  row.adGroup,
  row.keyword,
  row.matchType ? matchType[row.matchType] : "",
  row.impressions,
  row.adClicks,
  row.landings,
  row.downloads,
  row.consultations,
  row.cost,
  row.currency,
  row.costPerConsultation,
  row.note,
];

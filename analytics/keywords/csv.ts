/** The keyword report as CSV for spreadsheets. */

import { csvCell } from "#analytics/csv.ts";
import { inSteps } from "#analytics/steps.ts";
import { matchType } from "#db/terms/attribution.ts";
import type { KeywordRow } from "./rows.ts";

const headings = [
  "キャンペーン",
  "広告グループ",
  "キーワード",
  "マッチタイプ",
  "表示回数",
  "広告のクリック数",
  "着地数",
  "フォームを開いた数",
  "資料ダウンロード",
  "メール登録",
  "相談",
  "うち要確認",
  "相談の実人数",
  "相談（最初の接点）",
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
  row.formsOpened,
  row.downloads,
  row.subscriptions,
  row.consultations,
  row.doubtful,
  row.people,
  row.firstConsultations,
  row.cost,
  row.currency,
  row.costPerConsultation,
  row.note,
];

/** A view of the keyword report as CSV for spreadsheets. */

import { csvCell } from "#analytics/csv.ts";
import { costEachOf, rateOf, tooFewToTell } from "#analytics/keywords/rates.ts";
import { decimalOf } from "#analytics/money.ts";
import { inSteps } from "#analytics/steps.ts";
import { matchType } from "#db/terms/attribution.ts";
import type { GroupRow } from "./groups.ts";
import type { ViewRow } from "./read.ts";
import { comparisons, groupings, type View } from "./view.ts";

type Cell = string | number | undefined;

/** Columns whose figures have one of the compared period beside them. */
const compared: [string, (row: GroupRow) => Cell][] = [
  ["表示回数", (row) => row.impressions],
  ["広告のクリック数", (row) => row.adClicks],
  ["着地数", (row) => row.landings],
  ["フォームを開いた数", (row) => row.formsOpened],
  ["資料ダウンロード", (row) => row.downloads],
  ["メール登録", (row) => row.subscriptions],
  ["相談", (row) => row.consultations],
  ["うち要確認", (row) => row.doubtful],
  ["相談の実人数", (row) => row.people],
  ["相談（最初の接点）", (row) => row.firstConsultations],
];

const costHeadings = ["費用", "通貨", "相談1件あたりの費用", "1件あたりの下限", "1件あたりの上限"];
const rateHeadings = ["相談した割合（%）", "割合の下限", "割合の上限"];

/** Rows of a view: UTF-8 with its mark and CRLF, for Excel. No totals among the rows. */
export async function viewCsv(rows: ViewRow[], { by, compare }: Pick<View, "by" | "compare">): Promise<string> {
  const before = compare && comparisons[compare];
  const names = by === "keyword" ? ["キャンペーン", "広告グループ", "キーワード", "マッチタイプ"] : namesBefore(by);
  const lines = [
    lineOf([
      ...names,
      ...compared.map(([heading]) => heading),
      ...costHeadings,
      ...rateHeadings,
      ...(before ? [...compared.map(([heading]) => heading), "費用"].map((heading) => `${heading}（${before}）`) : []),
      "備考",
    ]),
  ];
  await inSteps(rows, (row) => lines.push(...linesOf(row, by, before !== undefined)));
  return `\ufeff${lines.join("")}`;
}

/** What a row of a campaign, an ad group or an account is a part of stands before its name. */
const namesBefore = (by: View["by"]): string[] => [
  ...(by === "campaign" || by === "ad_group" ? ["アカウント"] : []),
  ...(by === "ad_group" ? ["キャンペーン"] : []),
  groupings[by],
];

const lineOf = (cells: Cell[]) => `${cells.map((cell) => csvCell(String(cell ?? ""))).join(",")}\r\n`;

function namesOfRow(row: GroupRow, by: View["by"]): Cell[] {
  if (by === "keyword") return [row.campaign, row.adGroup, row.keyword, row.matchType ? matchType[row.matchType] : ""];
  return [
    ...(by === "campaign" || by === "ad_group" ? [row.account] : []),
    ...(by === "ad_group" ? [row.campaign] : []),
    row.name,
  ];
}

/** One line, and one more for each further currency, with the names and the cost alone: counts add up once. */
function linesOf(row: ViewRow, by: View["by"], isCompared: boolean): string[] {
  const names = namesOfRow(row, by);
  const rate = rateOf(row.people, row.landings);
  const costs = row.costs.length === 0 ? [undefined] : row.costs;
  return costs.map((sum, at) => {
    const isFirst = at === 0;
    const each = sum && sum.consultations - sum.doubtful > 0 ? costEachOf(sum) : undefined;
    const was = row.was?.costs.find(({ currency }) => currency === sum?.currency);
    return lineOf([
      ...names,
      ...compared.map(([, figure]) => (isFirst ? figure(row) : undefined)),
      ...[sum && decimalOf(sum.cost, sum.currency), sum?.currency],
      ...[each?.isTooFew ? tooFewToTell : each?.each, each?.low, each?.high],
      ...(isFirst && rate && rate.count > 0
        ? [rate.isTooFew ? tooFewToTell : rate.percent, rate.low, rate.high]
        : ["", "", ""]),
      ...(isCompared
        ? [
            ...compared.map(([, figure]) => (isFirst && row.was ? figure(row.was) : undefined)),
            was && decimalOf(was.cost, was.currency),
          ]
        : []),
      row.note,
    ]);
  });
}

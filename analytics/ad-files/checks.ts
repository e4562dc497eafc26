/** What is odd about an export that can be read all the same: sentences for its preview. */

import { type Period, periodInJapanese } from "#analytics/period.ts";
import { dayOf } from "#db/calendar/days.ts";
import type { AdReport } from "#db/terms/attribution.ts";
import type { Columns } from "./ads-columns.ts";
import type { AdsRow, Figures } from "./bid.ts";
import { fractionDigits } from "./cells.ts";
import type { AdsRecord } from "./records.ts";
import { SeenRows } from "./seen-rows.ts";

/** Checks the rows as they are read, and holds only sums and a number for each row. */
export class Checks {
  readonly sums: Figures = { impressions: 0, clicks: 0, cost: 0n };
  rows = 0;
  span: Period | undefined;
  readonly #seen = new SeenRows();
  #repeated: { line: number; count: number } | undefined;
  #moreClicks: { line: number; count: number } | undefined;
  #digits = 0;

  add(record: AdsRecord, row: AdsRow, costCell: string): void {
    this.rows += 1;
    this.sums.impressions += row.impressions;
    this.sums.clicks += row.clicks;
    this.sums.cost += row.cost;
    const { from, to } = this.span ?? row;
    this.span = { from: row.from < from ? row.from : from, to: row.to > to ? row.to : to };
    this.#digits = Math.max(this.#digits, fractionDigits(costCell));
    if (this.#seen.add(numberOf(record.cells)))
      this.#repeated = { line: this.#repeated?.line ?? record.line, count: (this.#repeated?.count ?? 0) + 1 };
    if (row.clicks > row.impressions)
      this.#moreClicks = { line: this.#moreClicks?.line ?? record.line, count: (this.#moreClicks?.count ?? 0) + 1 };
  }

  /** `platform` is absent for Google Ads, whose exports end with totals. */
  notes(file: { totals: Map<string, Figures>; period: Period; isFromScreen: boolean }, now: Date): string[] {
    const { totals, period } = file;
    const notes: string[] = [];
    if (this.#repeated)
      notes.push(
        `同じ内容の行が ${this.#repeated.count} 行あります（はじめは ${this.#repeated.line}行目）。二度数えることになるので、書き出し直してください。`,
      );
    if (this.#moreClicks)
      notes.push(
        `クリック数が表示回数より多い行が ${this.#moreClicks.count} 行あります（はじめは ${this.#moreClicks.line}行目）。`,
      );
    if (period.to > dayOf(now)) notes.push(`期間（${periodInJapanese(period)}）に、まだ来ていない日が含まれています。`);
    if (totals.size > 0) notes.push(...this.#against(totals));
    else if (file.isFromScreen)
      notes.push("合計の行がないので、行が欠けていないか、行に現れない費用がいくらあるかは確かめられません。");
    return notes;
  }

  /** Rows must add up to the total of what is shown, and to no more than any: within half a printed unit a row. */
  #against(totals: Map<string, Figures>): string[] {
    const slack = (BigInt(this.rows) + 1n) * 10n ** BigInt(6 - Math.min(6, this.#digits));
    const { impressions, clicks, cost } = this.sums;
    const shown = [...totals].find(([label]) => shownLabel.test(label));
    if (shown) {
      const [label, total] = shown;
      const apart = cost > total.cost ? cost - total.cost : total.cost - cost;
      const isEqual = total.impressions === impressions && total.clicks === clicks && apart * 2n <= slack;
      if (!isEqual)
        return [
          `行の合計（表示 ${impressions}、クリック ${clicks}）が、ファイルの「${label}」（表示 ${total.impressions}、クリック ${total.clicks}）${impressions === total.impressions && clicks === total.clicks ? "と費用で" : "と"}違います。行が欠けているか、手で加えられています。書き出し直してください。`,
        ];
    }
    const fits = [...totals.values()].some(
      (total) => clicks <= total.clicks && impressions <= total.impressions && (cost - total.cost) * 2n <= slack,
    );
    return fits ? [] : ["行の合計が、ファイルに書かれたどの合計よりも大きくなっています。書き出し直してください。"];
  }
}

/** The total of the rows that the export shows, whatever its language. */
const shownLabel = /^(?:your keywords|filtered keywords|keywords|キーワード|(?:filtered )?search terms|検索語句)$/iu;

/** 52 bits of a hash of the cells: equal rows have equal numbers, different ones as good as never. */
function numberOf(cells: string[]): number {
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (const cell of cells) {
    for (let at = 0; at < cell.length; at++) {
      const code = cell.charCodeAt(at);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b) + (b >>> 13);
    }
    a = Math.imul(a ^ 0x1f, 0x01000193);
    b = Math.imul(b ^ 0x1f, 0xc2b2ae35);
  }
  return (a >>> 0) * 2 ** 20 + ((b >>> 0) & 0xfffff);
}

/** What cannot be said without columns that the file does not have. */
export function missingColumns(report: AdReport, columns: Columns): string[] {
  const has = (...names: (keyof Columns)[]) => names.some((name) => columns[name] !== undefined);
  const sentences: [missing: boolean, sentence: string][] = [
    [
      !has("campaign", "campaignId", "baseCampaign"),
      "「キャンペーン」の列がないので、どのキャンペーンの費用かは分かりません。",
    ],
    [
      report !== "campaigns" && !has("adGroup", "adGroupId", "criterion"),
      "「広告グループ」の列がないので、同じ言葉がいくつかの広告グループにあるとき、どこの費用かは分かりません。",
    ],
    [
      report === "search_terms" && !has("keyword", "keywordId", "criterion"),
      "「検索キーワード」の列がないので、どのキーワードの費用かは分かりません。費用はキャンペーンごとに数えます。",
    ],
    [
      columns.clicks === undefined,
      "「クリック数」の列がないので、「インタラクション」をクリックとして数えました。検索広告では同じ数です。",
    ],
  ];
  return sentences.filter(([missing]) => missing).map(([, sentence]) => sentence);
}

/** What the command `report keywords` says of a period: plain values for scripts, and lines for people. */

import { coverageInJapanese } from "#analytics/ad-files/coverage.ts";
import { periodFromInput, periodInJapanese } from "#analytics/period.ts";
import { type KeywordReport, reportKeywords } from "./report.ts";

/** The keyword report as JSON. Throws Invalid, by field, for days that do not exist. */
export async function reportKeywordsCommand(input: { from?: string; to?: string }) {
  const { imports, ...report } = await reportKeywords(periodFromInput(input));
  return {
    ...report,
    imports: imports.map((i) => ({
      file: i.file,
      report: i.report,
      account: i.account,
      currency: i.currency,
      period: i.period,
      rows: i.rows,
      coverage: i.coverage?.percent ?? null,
      covered: coverageInJapanese(i.coverage),
    })),
    lines: linesOf(report),
  };
}

function linesOf({ period, rows, totals, costs, notes, leftOut }: Omit<KeywordReport, "imports">): string[] {
  const counts = (c: { landings: number; downloads: number; consultations: number }) =>
    `着地 ${c.landings} / 資料 ${c.downloads} / 相談 ${c.consultations}`;
  return [
    `${periodInJapanese(period)} のキーワード`,
    ...rows.map((row) => {
      const name = [row.campaign, row.adGroup, row.keyword].filter(Boolean).join(" › ");
      const ad =
        row.cost === undefined
          ? "費用 －"
          : `表示 ${row.impressions} / クリック ${row.adClicks} / 費用 ${row.cost} ${row.currency}`;
      return `${name}: ${counts(row)} / ${ad}${row.note ? `（${row.note}）` : ""}`;
    }),
    `合計: ${counts(totals)} / 表示 ${totals.impressions} / クリック ${totals.adClicks}`,
    ...costs.map(
      (c) =>
        `費用の合計（${c.currency}）: ${c.cost}、相談1件あたり ${c.costPerConsultation ?? "－"}（相談 ${c.consultations} 件）`,
    ),
    ...notes,
    ...leftOut,
  ];
}

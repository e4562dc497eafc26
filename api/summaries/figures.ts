/** The figures of a monthly summary, taken from the keyword report and counted by nothing else. */

import { type CostEach, costEachOf, type Rate } from "#analytics/keywords/rates.ts";
import { type ReportLines, readLines, summaryOf } from "#analytics/keywords/report.ts";
import type { KeywordRow } from "#analytics/keywords/rows.ts";
import { costSumsOf } from "#analytics/keywords/sums.ts";
import { decimalOf, groupThousands } from "#analytics/money.ts";
import { monthAfter, monthBefore, type Period } from "#analytics/period.ts";
import { dayAfter } from "#db/calendar/days.ts";
import type { Estimate, MonthFigures, SummaryFigures } from "#db/schema/summaries.ts";

const mostKeywords = 5;

/** Both days of a month of which this is the first (YYYY-MM-DD). */
const periodOf = (first: string): Period => ({ from: first, to: dayAfter(monthAfter(first), -1) });

/** The figures of a month, given by its first day, beside the month before. */
export async function summaryFigures(month: string): Promise<SummaryFigures> {
  const report = await readLines(periodOf(month));
  const earlier = await readLines(periodOf(monthBefore(month)));
  const before = new Map(earlier.rows.map(({ row }) => [nameOf(row), row.consultations]));
  // Only keywords of an export: others are text that anybody can write into a URL. The report's rows begin with most.
  const rows = report.rows.map(({ row }) => row);
  const keywords = rows.filter(({ kind, consultations }) => kind === "keyword" && consultations > 0);
  return {
    month: figuresOf(report),
    before: figuresOf(earlier),
    keywords: keywords.slice(0, mostKeywords).map((row) => ({
      keyword: row.keyword,
      campaign: row.campaign,
      consultations: row.consultations,
      doubtful: row.doubtful,
      landings: row.landings,
      consultationsBefore: before.get(nameOf(row)) ?? 0,
    })),
  };
}

const nameOf = (row: KeywordRow): string =>
  JSON.stringify([row.kind, row.account, row.campaign, row.adGroup, row.keyword, row.matchType]);

function figuresOf(lines: ReportLines): MonthFigures {
  const { totals, fromAds, intervals } = summaryOf(lines);
  const { landings, consultations, doubtful, firstConsultations } = fromAds;
  return {
    consultations: totals.consultations,
    doubtful: totals.doubtful,
    ofAds: { landings, consultations, doubtful, firstConsultations },
    wrote: rateInWords(intervals.wrote),
    costs: costSumsOf(lines.rows.map(({ line }) => line)).map((sum) => ({
      currency: sum.currency,
      cost: groupThousands(decimalOf(sum.cost, sum.currency)),
      each: eachInWords(costEachOf(sum)),
    })),
  };
}

/** Undefined where there are too few to tell. */
function rateInWords({ percent, low, high }: Partial<Rate> = {}): Estimate | undefined {
  if (percent === undefined || low === undefined || high === undefined) return undefined;
  const written = (value: number) => `${value.toFixed(1)}%`;
  return { value: written(percent), low: written(low), high: written(high) };
}

/** Undefined where there are too few to tell. */
function eachInWords({ each, low, high }: CostEach): Estimate | undefined {
  if (each === undefined || low === undefined || high === undefined) return undefined;
  return { value: groupThousands(each), low: groupThousands(low), high: groupThousands(high) };
}

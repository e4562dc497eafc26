/** The figures of a monthly summary, taken from the keyword report and counted by nothing else. */

import { fewerThan, poissonInterval, wilsonInterval } from "#analytics/intervals.ts";
import { type KeywordReport, reportKeywords } from "#analytics/keywords/report.ts";
import type { KeywordRow } from "#analytics/keywords/rows.ts";
import { addCounts, certain, type CurrencyTotal } from "#analytics/keywords/sums.ts";
import { noCounts } from "#analytics/landings/landings.ts";
import { decimalOf, groupThousands } from "#analytics/money.ts";
import type { Period } from "#analytics/period.ts";
import { dayAfter } from "#db/calendar/days.ts";
import type { Estimate, MonthFigures, SummaryFigures } from "#db/schema/summaries.ts";

const mostKeywords = 5;

/** Rows of advertisements; the others are of tagged links, of advertisements too long ago, and of neither. */
const ofAds: ReadonlySet<KeywordRow["kind"]> = new Set(["keyword", "unlisted", "ambiguous", "missing"]);

/** Both days of a month of which this is the first (YYYY-MM-DD). */
const monthOf = (first: string): Period => ({ from: first, to: dayAfter(monthAfter(first), -1) });

/** The first day of the month after, or before, the one that this is the first day of. */
export const monthAfter = (first: string): string => `${dayAfter(first, 31).slice(0, 7)}-01`;
export const monthBefore = (first: string): string => `${dayAfter(first, -1).slice(0, 7)}-01`;

/** The figures of a month, given by its first day, beside the month before. */
export async function summaryFigures(month: string): Promise<SummaryFigures> {
  const report = await reportKeywords(monthOf(month));
  const earlier = await reportKeywords(monthOf(monthBefore(month)));
  const before = new Map(earlier.rows.map((row) => [nameOf(row), row.consultations]));
  // Only keywords of an export: others are text that anybody can write into a URL. The report's rows begin with most.
  const keywords = report.rows.filter(({ kind, consultations }) => kind === "keyword" && consultations > 0);
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

function figuresOf({ rows, totals, costs }: KeywordReport): MonthFigures {
  const sums = { ...noCounts };
  for (const row of rows) if (ofAds.has(row.kind)) addCounts(sums, row);
  const { landings, consultations, doubtful, firstConsultations, people } = sums;
  return {
    consultations: totals.consultations,
    doubtful: totals.doubtful,
    ofAds: { landings, consultations, doubtful, firstConsultations },
    wrote: rateOf(people, landings),
    costs: costs.map((cost) => ({
      currency: cost.currency,
      cost: groupThousands(cost.cost),
      each: costEachOf(cost),
    })),
  };
}

/** Per cent, with Wilson's interval. */
function rateOf(part: number, whole: number): Estimate | undefined {
  const interval = wilsonInterval(part, whole);
  if (part < fewerThan || !interval) return undefined;
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  return { value: percent(part / whole), low: percent(interval.low), high: percent(interval.high) };
}

/** The cost divided by the number of its consultations, and by the ends of that number's interval. */
function costEachOf({ cost, currency, costPerConsultation, ...counts }: CurrencyTotal): Estimate | undefined {
  const count = certain(counts);
  if (count < fewerThan || costPerConsultation === undefined) return undefined;
  const { low, high } = poissonInterval(count);
  const each = (divisor: number) =>
    groupThousands(decimalOf(BigInt(Math.round((Number(cost) * 1_000_000) / divisor)), currency));
  return { value: groupThousands(costPerConsultation), low: each(high), high: each(low) };
}

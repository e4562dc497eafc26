/** The report by weeks or months of its period. */

import { groupByLine } from "#analytics/keywords/report.ts";
import { certain, type CostSum, costSumsOf, type Totals } from "#analytics/keywords/sums.ts";
import { countByPeriod, type PeriodCounts } from "#analytics/landings/by-period.ts";
import type { Period } from "#analytics/period.ts";
import { bucketsOf, type Unit } from "#analytics/report-view/periods.ts";
import type { View } from "#analytics/report-view/view.ts";
import { mergeEqualLines } from "#analytics/spend/join.ts";
import { type PeriodSpend, spendByPeriod } from "#analytics/spend/spend.ts";

/** One week or month, cut to the days of the period. */
export interface TrendPoint {
  period: Period;
  totals: Totals;
  /** Cost by currency, with the consultations that it led to. */
  costs: CostSum[];
}

export interface Trend {
  unit: Unit;
  points: TrendPoint[];
  /** Files that state only a sum over more than a week or month: their cost is in none. */
  leftOut: string[];
}

/** Most weeks in one drawing, asked for or not; a longer period is drawn by months. */
const maxWeeks = { asked: 14, unasked: 10 };

/** The unit asked for; without one, weeks while they are few. Weeks that are too many become months. */
export function trendUnit({ unit, period }: Pick<View, "unit" | "period">): Unit {
  if (unit === "month") return "month";
  const most = unit === "week" ? maxWeeks.asked : maxWeeks.unasked;
  return bucketsOf("week", period).length <= most ? "week" : "month";
}

/** Each week or month as a report of it alone has it (`readLines`), all of them read at once. */
export async function readTrend(view: Pick<View, "unit" | "period">): Promise<Trend> {
  const unit = trendUnit(view);
  const periods = bucketsOf(unit, view.period);
  const [counts, { spend, leftOut }] = await Promise.all([countByPeriod(periods), spendByPeriod(periods)]);
  const points: TrendPoint[] = [];
  for (const [at, period] of periods.entries()) {
    const [counted, spent] = [counts[at], spend[at]];
    if (!counted || !spent) continue;
    const totals = { ...counted.totals, impressions: spent.impressions, adClicks: spent.clicks };
    points.push({ period, totals, costs: await costsOf(spent, counted) });
  }
  return { unit, points, leftOut };
}

/** The cost of a period, with the consultations of the lines that have one: joined as in the report. */
async function costsOf({ costs, lines }: PeriodSpend, { asked }: PeriodCounts): Promise<CostSum[]> {
  const unspent = lines.map((line) => ({ ...line, impressions: 0, clicks: 0, cost: 0n }));
  const joined = costSumsOf(await groupByLine(await mergeEqualLines(unspent), asked));
  return joined.map((sum) => ({ ...sum, cost: costs.get(sum.currency) ?? 0n }));
}

/** How many consultations of a point count for a rate or a cost. */
export const certainOf = ({ totals }: TrendPoint): number => certain(totals);

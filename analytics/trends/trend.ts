/** The report by weeks or months of its period. */

import { readLines, summaryOf } from "#analytics/keywords/report.ts";
import { certain, type CostSum, costSumsOf, type Totals } from "#analytics/keywords/sums.ts";
import type { Period } from "#analytics/period.ts";
import { bucketsOf, type Unit } from "#analytics/report-view/periods.ts";
import type { View } from "#analytics/report-view/view.ts";

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
/** Periods read at once, so that a long trend leaves connections to others. */
const atOnce = 3;

/** The unit asked for; without one, weeks while they are few. Weeks that are too many become months. */
export function trendUnit({ unit, period }: Pick<View, "unit" | "period">): Unit {
  if (unit === "month") return "month";
  const most = unit === "week" ? maxWeeks.asked : maxWeeks.unasked;
  return bucketsOf("week", period).length <= most ? "week" : "month";
}

/** Reads each week or month as a report of its own, so that it is counted by the same rules. */
export async function readTrend(view: Pick<View, "unit" | "period">): Promise<Trend> {
  const unit = trendUnit(view);
  const buckets = bucketsOf(unit, view.period);
  const points: TrendPoint[] = [];
  const leftOut = new Set<string>();
  for (let at = 0; at < buckets.length; at += atOnce)
    for (const lines of await Promise.all(buckets.slice(at, at + atOnce).map((bucket) => readLines(bucket)))) {
      const { period, totals } = summaryOf(lines);
      points.push({ period, totals, costs: costSumsOf(lines.rows.map(({ line }) => line)) });
      for (const sentence of lines.leftOut) leftOut.add(sentence);
    }
  return { unit, points, leftOut: [...leftOut] };
}

/** How many consultations of a point count for a rate or a cost. */
export const certainOf = ({ totals }: TrendPoint): number => certain(totals);

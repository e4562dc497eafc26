/** Rows of the report by what they cost and how many consultations came of it. */

import { fewerThan } from "#analytics/intervals.ts";
import { certain, type CostSum } from "#analytics/keywords/sums.ts";
import type { GroupRow } from "#analytics/report-view/groups.ts";

/** A row in one currency. */
export interface CostPoint {
  name: string;
  sum: CostSum;
  /** Consultations, those to be checked left out. */
  count: number;
  isTooFew: boolean;
}

/** Most points of one drawing: those of which something can be told, and the most expensive others. */
const maxPoints = 60;

const byCost = (a: CostPoint, b: CostPoint) => (a.sum.cost > b.sum.cost ? -1 : a.sum.cost < b.sum.cost ? 1 : 0);

/** By currency, those of which something can be told first, then by cost; and how many rows are left out. Rows that cost nothing are no points, and those of which only a part of the cost is known. */
export function costPoints(rows: GroupRow[]): { currency: string; points: CostPoint[]; more: number }[] {
  const byCurrency = new Map<string, CostPoint[]>();
  for (const { name, costs, isUndivided } of rows)
    for (const sum of isUndivided ? [] : costs) {
      const count = certain(sum);
      if (sum.cost === 0n && count === 0) continue;
      const points = byCurrency.get(sum.currency) ?? [];
      points.push({ name, sum, count, isTooFew: count < fewerThan });
      byCurrency.set(sum.currency, points);
    }
  return [...byCurrency].map(([currency, points]) => {
    const sorted = points.toSorted((a, b) => Number(a.isTooFew) - Number(b.isTooFew) || byCost(a, b));
    return { currency, points: sorted.slice(0, maxPoints), more: Math.max(0, sorted.length - maxPoints) };
  });
}

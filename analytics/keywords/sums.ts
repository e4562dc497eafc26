/** Sums over lines of the keyword report. */

import { decimalOf, divideRounded } from "#analytics/money.ts";
import type { Counts } from "./landings.ts";
import { type CountedLine, compare, type KeywordRow } from "./rows.ts";

/** Cost in one currency; sums over two would mean nothing. */
export interface CurrencyTotal {
  currency: string;
  cost: string;
  /** Of the lines with this cost only. */
  consultations: number;
  costPerConsultation?: string;
}

/** Counts of all rows, with what the advertisements were shown and clicked. */
export type Totals = Counts & { impressions: number; adClicks: number };

export const noCounts: Counts = { landings: 0, downloads: 0, consultations: 0, doubtful: 0 };

/** Adds `counts` to `sum`. */
export function addCounts(sum: Counts, counts: Counts): void {
  sum.landings += counts.landings;
  sum.downloads += counts.downloads;
  sum.consultations += counts.consultations;
  sum.doubtful += counts.doubtful;
}

/** Everything but cost, which has a currency. */
export function totalsOf(rows: KeywordRow[]): Totals {
  const totals = { impressions: 0, adClicks: 0, ...noCounts };
  for (const row of rows) {
    addCounts(totals, row);
    totals.impressions += row.impressions ?? 0;
    totals.adClicks += row.adClicks ?? 0;
  }
  return totals;
}

/** Cost by currency, with the consultations of the lines that have one. */
export function costsOf(lines: CountedLine[]): CurrencyTotal[] {
  const sums = new Map<string, { cost: bigint; consultations: number }>();
  for (const { line, consultations } of lines) {
    if (!line) continue;
    const sum = sums.get(line.currency) ?? { cost: 0n, consultations: 0 };
    sums.set(line.currency, { cost: sum.cost + line.cost, consultations: sum.consultations + consultations });
  }
  return [...sums]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([currency, { cost, consultations }]) => ({
      currency,
      cost: decimalOf(cost, currency),
      consultations,
      costPerConsultation: consultations > 0 ? decimalOf(divideRounded(cost, consultations), currency) : undefined,
    }));
}

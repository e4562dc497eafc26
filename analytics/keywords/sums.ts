/** Sums over lines of the keyword report. */

import { decimalOf, divideRounded } from "#analytics/money.ts";
import type { Counts } from "./landings.ts";
import { type FilledLine, compare, type KeywordRow } from "./rows.ts";

/** Cost in one currency; sums over two would mean nothing. */
export interface CurrencyTotal {
  currency: string;
  cost: string;
  /** Of the lines with this cost only. */
  consultations: number;
  costPerConsultation?: string;
}

/** What all lines say of people and of advertisements. */
export type Totals = Counts & { impressions: number; adClicks: number };

export const noCounts: Counts = { landings: 0, downloads: 0, consultations: 0, doubtful: 0 };

/** Adds `what` to `to`. */
export function addCounts(to: Counts, what: Counts): void {
  to.landings += what.landings;
  to.downloads += what.downloads;
  to.consultations += what.consultations;
  to.doubtful += what.doubtful;
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
export function costsOf(gathered: FilledLine[]): CurrencyTotal[] {
  const sums = new Map<string, { cost: bigint; consultations: number }>();
  for (const { line, consultations } of gathered) {
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

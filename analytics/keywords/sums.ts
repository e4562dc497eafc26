/** Sums over lines of the keyword report. */

import { addCounts, type Counts, noCounts } from "#analytics/landings/counts.ts";
import { decimalOf, divideRounded } from "#analytics/money.ts";
import type { CountedLine, KeywordRow } from "./rows.ts";

/** Cost in one currency; sums over two would mean nothing. */
export interface CurrencyTotal {
  currency: string;
  cost: string;
  /** Of the lines with this cost only. */
  consultations: number;
  doubtful: number;
  costPerConsultation?: string;
}

/** The cost of each, as a decimal; undefined where there is none to divide by. */
export const costEach = (cost: bigint, count: number, currency: string): string | undefined =>
  count > 0 ? decimalOf(divideRounded(cost, count), currency) : undefined;

/** Counts of all rows, with what the advertisements were shown and clicked. */
export type Totals = Counts & { impressions: number; adClicks: number };

/** How many of the consultations a rate or a cost is of: those that are waiting to be checked are none yet. */
export const certain = ({ consultations, doubtful }: Pick<Counts, "consultations" | "doubtful">): number =>
  consultations - doubtful;

/** Everything but cost, which has a currency. */
export function totalsOf(rows: (Counts & Pick<KeywordRow, "impressions" | "adClicks">)[]): Totals {
  const totals = { impressions: 0, adClicks: 0, ...noCounts };
  for (const row of rows) {
    addCounts(totals, row);
    totals.impressions += row.impressions ?? 0;
    totals.adClicks += row.adClicks ?? 0;
  }
  return totals;
}

/** Cost in one currency before it is formatted, with the consultations of what has this cost. */
export interface CostSum {
  currency: string;
  /** Micros. */
  cost: bigint;
  consultations: number;
  doubtful: number;
}

/** Adds a cost and the consultations that came of it to the sum of its currency. */
export function addCost(sums: Map<string, CostSum>, { currency, cost, consultations, doubtful }: CostSum): void {
  const sum = sums.get(currency) ?? { currency, cost: 0n, consultations: 0, doubtful: 0 };
  sum.cost += cost;
  sum.consultations += consultations;
  sum.doubtful += doubtful;
  sums.set(currency, sum);
}

/** Cost by currency, with the consultations of the lines that have one. */
export function costSumsOf(lines: CountedLine[]): CostSum[] {
  const sums = new Map<string, CostSum>();
  for (const { line, consultations, doubtful } of lines)
    if (line) addCost(sums, { currency: line.currency, cost: line.cost, consultations, doubtful });
  return sortCosts(sums);
}

/** The same, as the report writes it. */
export const costsOf = (lines: CountedLine[]): CurrencyTotal[] =>
  costSumsOf(lines).map(({ cost, ...sum }) => ({
    ...sum,
    cost: decimalOf(cost, sum.currency),
    costPerConsultation: costEach(cost, certain(sum), sum.currency),
  }));

/** By the name of the currency. */
export const sortCosts = (sums: Map<string, CostSum>): CostSum[] =>
  [...sums.values()].toSorted((a, b) => (a.currency < b.currency ? -1 : 1));

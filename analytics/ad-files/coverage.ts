/** The share of the account's clicks that the rows of an export contain. */

import type { Figures } from "./bid.ts";

export interface Coverage {
  /** The file's own label of the widest total, normally アカウント or "Account". */
  of: string;
  total: Figures;
  /** Total minus rows: keywords and search terms that the export does not show one by one. */
  remainder: Figures;
  /** Per cent of the total's clicks that the rows hold, one digit; undefined when the total has none. */
  percent?: number;
}

/** Undefined where the file states no totals. */
export function coverageOf(sums: Figures, totals: Iterable<[string, Figures]>): Coverage | undefined {
  const all = [...totals];
  const named = all.find(([label]) => /^(?:アカウント|account)$/iu.test(label));
  const [widest] = all.toSorted(([, a], [, b]) => b.clicks - a.clicks || b.impressions - a.impressions);
  const found = named ?? widest;
  if (!found) return undefined;
  const [of, total] = found;
  const remainder = {
    impressions: total.impressions - sums.impressions,
    clicks: total.clicks - sums.clicks,
    cost: total.cost - sums.cost,
  };
  return { of, total, remainder, percent: percentOf(sums.clicks, total.clicks) };
}

/** 1 of 54 → 1.9; undefined of nothing. */
export const percentOf = (part: number, whole: number) =>
  whole === 0 ? undefined : Math.round((part / whole) * 1000) / 10;

/** 「クリックの18.0%（11 / 61）」, or that it is unknown. */
export function coverageInJapanese(coverage: Coverage | undefined): string {
  if (coverage?.percent === undefined) return "カバー率は不明";
  const { total, remainder, percent } = coverage;
  return `クリックの${percent.toFixed(1)}%（${total.clicks - remainder.clicks} / ${total.clicks}）`;
}

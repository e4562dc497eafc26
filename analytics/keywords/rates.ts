/** Rates and cost each with their intervals of 95 %. Below `fewerThan` they are too few to tell. */

import { fewerThan, poissonInterval, wilsonInterval } from "#analytics/intervals.ts";
import { decimalOf } from "#analytics/money.ts";
import { certain, costEach, type CostSum } from "./sums.ts";

/** What stands instead of a rate or a cost each of too few. */
export const tooFewToTell = "件数が少なく、まだ言えません";

/** Per cent with one digit; absent, but for the number it is of, where there are too few. */
export interface Rate {
  count: number;
  percent?: number;
  low?: number;
  high?: number;
  isTooFew: boolean;
}

const percent = (fraction: number) => Math.round(fraction * 1000) / 10;

/** Undefined where there is no whole, or more than it: then the part did not come from it. */
export function rateOf(part: number, whole: number): Rate | undefined {
  const interval = wilsonInterval(part, whole);
  if (!interval) return undefined;
  if (part < fewerThan) return { count: part, isTooFew: true };
  return {
    count: part,
    percent: percent(part / whole),
    low: percent(interval.low),
    high: percent(interval.high),
    isTooFew: false,
  };
}

/** Decimals in `currency`; absent, but for the number it is of, where there are too few. */
export interface CostEach {
  currency: string;
  count: number;
  each?: string;
  low?: string;
  high?: string;
  isTooFew: boolean;
}

/** The cost of one consultation: the cost by their number, and by both ends of the interval of that number. */
export function costEachOf(sum: CostSum): CostEach {
  const { currency, cost } = sum;
  const count = certain(sum);
  if (count < fewerThan) return { currency, count, isTooFew: true };
  const { low, high } = poissonInterval(count);
  const divided = (by: number) => decimalOf(BigInt(Math.round(Number(cost) / by)), currency);
  return {
    currency,
    count,
    each: costEach(cost, count, currency),
    low: divided(high),
    high: divided(low),
    isTooFew: false,
  };
}

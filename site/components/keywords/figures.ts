/** Figures of the keyword report as its pages write them. */

import { type CostEach, type Rate, tooFewToTell } from "#analytics/keywords/rates.ts";
import { decimalOf, groupThousands } from "#analytics/money.ts";

/** What is not known, which is not 0. */
export const unknown = "－";

/** A count or a decimal with its thousands apart. */
export const figure = (value: number | string | undefined): string =>
  value === undefined ? unknown : groupThousands(value);

/** 「1,200 JPY」. */
export const amount = (cost: bigint, currency: string): string => `${figure(decimalOf(cost, currency))} ${currency}`;

/** A value with its interval, or the sentence of too few. */
export interface Told {
  value: string;
  interval?: string;
  isTooFew?: boolean;
}

/** 「5.3%」 and 「3.1〜8.9%」. */
export function rateInWords(rate: Rate | undefined): Told {
  if (!rate) return { value: unknown };
  if (rate.isTooFew) return { value: tooFewToTell, isTooFew: true };
  const digits = (value = 0) => value.toFixed(1);
  return { value: `${digits(rate.percent)}%`, interval: `${digits(rate.low)}〜${digits(rate.high)}%` };
}

/** 「3,000 JPY」 and 「1,800〜5,200」. */
export function eachInWords(each: CostEach): Told {
  if (each.isTooFew) return { value: tooFewToTell, isTooFew: true };
  return {
    value: `${figure(each.each)} ${each.currency}`,
    interval: `${figure(each.low)}〜${figure(each.high)}`,
  };
}

/** 「12（＋20%）」: what a count was, and how much it changed since; without a change of nothing. */
export function changeInWords(now: number, was: number): string {
  if (was === 0) return figure(was);
  const percent = Math.round(((now - was) / was) * 100);
  return `${figure(was)}（${percent > 0 ? "＋" : percent < 0 ? "－" : "±"}${Math.abs(percent)}%）`;
}

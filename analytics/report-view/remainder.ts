/** What an account was charged for that no line of its imports holds, as far as the imports know it. */

import type { Figures } from "#analytics/ad-files/bid.ts";
import type { Period } from "#analytics/period.ts";
import type { ImportLine } from "#analytics/spend/imports.ts";
import { adReport } from "#db/terms/attribution.ts";
import { codes } from "#db/terms/codes.ts";

/** Total minus lines, of one account and currency. */
export interface Remainder extends Figures {
  account: string;
  currency: string;
}

/** Whether two periods have a day in common. */
const overlap = (a: Period, b: Period) => a.from <= b.to && b.from <= a.to;
const isWithin = (part: Period, whole: Period) => part.from >= whole.from && part.to <= whole.to;

/**
 * By account, of the imports that lie wholly in the period. An account is left out where a file's total cannot be
 * compared with its lines: it states none, only a part of it lies in the period, or another file speaks of some of
 * its days. Lines that cost more than the total say that the total is of something else.
 */
export function remaindersOf(imports: ImportLine[], period: Period): Remainder[] {
  const touching = imports.filter((one) => overlap(one.period, period));
  return [...new Set(touching.map(({ account }) => account))].toSorted().flatMap((account) => {
    const all = touching.filter((one) => one.account === account);
    // As the lines of cost: the first kind of report that there is wins.
    const report = codes(adReport).find((kind) => all.some((one) => one.report === kind));
    const used = all.filter((one) => one.report === report);
    const [first] = used;
    const isKnown = used.every(
      (one, at) =>
        one.coverage !== undefined &&
        one.coverage.remainder.cost >= 0n &&
        one.currency === first?.currency &&
        isWithin(one.period, period) &&
        used.every((other, index) => index === at || !overlap(one.period, other.period)),
    );
    if (!first || !isKnown) return [];
    const sum = { account, currency: first.currency, impressions: 0, clicks: 0, cost: 0n };
    for (const { coverage } of used) {
      sum.impressions += coverage?.remainder.impressions ?? 0;
      sum.clicks += coverage?.remainder.clicks ?? 0;
      sum.cost += coverage?.remainder.cost ?? 0n;
    }
    return [sum];
  });
}

/** From being shown to asking for help: how many of each step went on to the next. */

import { type Rate, rateOf } from "#analytics/keywords/rates.ts";
import type { Totals } from "#analytics/keywords/sums.ts";

export const funnelSteps = {
  impressions: "広告の表示",
  clicks: "広告のクリック",
  landings: "着地",
  forms: "フォームを開いた",
  people: "相談した人",
} as const;

export interface FunnelStep {
  step: keyof typeof funnelSteps;
  count: number;
  /** Of the step before; absent for the first, and where there are more than before (the step before is not known of all). */
  rate?: Rate;
}

/** The steps of what came from advertisements; consultations that are still to be checked are left out. */
export function funnelOf(fromAds: Totals): FunnelStep[] {
  const counts: [FunnelStep["step"], number][] = [
    ["impressions", fromAds.impressions],
    ["clicks", fromAds.adClicks],
    ["landings", fromAds.landings],
    ["forms", fromAds.formsOpened],
    ["people", fromAds.people],
  ];
  return counts.map(([step, count], at) => {
    const before = counts[at - 1];
    return { step, count, ...(before && { rate: rateOf(count, before[1]) }) };
  });
}

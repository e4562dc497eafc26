/** What an import, or undoing one, changes in what counts. */

import type { Figures } from "#analytics/ad-files/bid.ts";
import type { CampaignFigures } from "#analytics/spend/spend.ts";

/** What counts of a campaign, before and after. */
export interface CampaignChange {
  /** Its name, or its id where no file names it; empty where no file tells campaigns apart. */
  campaign: string;
  before: Figures;
  after: Figures;
}

const nothing: Figures = { impressions: 0, clicks: 0, cost: 0n };

/** The campaigns whose figures differ, by name. */
export function changesBetween(before: CampaignFigures[], after: CampaignFigures[]): CampaignChange[] {
  const changes = new Map<string, CampaignChange>();
  const add = (side: "before" | "after", { campaign, ...figures }: CampaignFigures) => {
    const change = changes.get(campaign) ?? { campaign, before: nothing, after: nothing };
    const { impressions, clicks, cost } = change[side];
    const sum = {
      impressions: impressions + figures.impressions,
      clicks: clicks + figures.clicks,
      cost: cost + figures.cost,
    };
    changes.set(campaign, { ...change, [side]: sum });
  };
  for (const figures of before) add("before", figures);
  for (const figures of after) add("after", figures);
  return [...changes.values()].filter(
    ({ before: b, after: a }) => b.impressions !== a.impressions || b.clicks !== a.clicks || b.cost !== a.cost,
  );
}

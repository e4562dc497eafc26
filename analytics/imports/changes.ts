/** What an import, or undoing one, changes in what counts. */

import type { Figures } from "#analytics/ad-files/bid.ts";
import type { Period } from "#analytics/period.ts";
import { recount, touchedRange } from "#analytics/spend/recount.ts";
import { type CampaignFigures, campaignsOf } from "#analytics/spend/spend.ts";
import type { Transaction } from "#db/client.ts";

/** What counts of a campaign, before and after. */
export interface CampaignChange {
  /** Its name, or its id where no file names it; empty where no file tells campaigns apart. */
  campaign: string;
  before: Figures;
  after: Figures;
}

/** Campaigns of which something else counts, by name. */
export interface Changes {
  /** In the file's period. */
  inside: CampaignChange[];
  /**
   * On other days, all together: sums that lie partly in the file's period count what its days do not say, and a sum that
   * did not count may do so now, or the other way round.
   */
  outside: CampaignChange[];
}

/** Every day that an account can have. */
const everyDay: Period = { from: "1900-01-01", to: "2199-12-31" };

/**
 * Counts the account's cost again after the lines of `period` came or went, and says what changed. `findSame` tells which
 * bids are the same now, and returns whether that changed for one that was known. `importNo`: the import whose lines have
 * just come, and counted nothing before.
 */
export async function recountAndCompare(
  tx: Transaction,
  account: string,
  period: Period,
  findSame: () => Promise<boolean>,
  importNo?: number,
): Promise<Changes> {
  const figures = (days: Period, withoutImport?: number) => campaignsOf(tx, account, days, withoutImport);
  const before = await figures(period, importNo);
  const allBefore = await figures(everyDay);
  const touched = (await findSame()) ? undefined : await touchedRange(tx, account, period);
  await recount(tx, account, touched);
  const after = await figures(period);
  const isInside = touched && period.from <= touched.from && touched.to <= period.to;
  return {
    inside: changesBetween(before, after),
    outside: isInside
      ? []
      : changesBetween([...allBefore, ...negated(before)], [...(await figures(everyDay)), ...negated(after)]),
  };
}

const negated = (figures: CampaignFigures[]): CampaignFigures[] =>
  figures.map(({ campaign, impressions, clicks, cost }) => ({
    campaign,
    impressions: -impressions,
    clicks: -clicks,
    cost: -cost,
  }));

const nothing: Figures = { impressions: 0, clicks: 0, cost: 0n };

/** The campaigns whose figures differ, by name. */
function changesBetween(before: CampaignFigures[], after: CampaignFigures[]): CampaignChange[] {
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

/** What a line of an export is about, and what it says. */

import type { Period } from "#analytics/period.ts";
import type { MatchType } from "#db/terms/attribution.ts";

/** Shown `impressions` times, clicked `clicks` times, for `cost` millionths of the currency. */
export interface Figures {
  impressions: number;
  clicks: number;
  cost: bigint;
}

/** Which bid a line of an export is about. */
export interface Bid {
  campaignId?: string;
  campaign: string;
  adGroupId?: string;
  adGroup: string;
  keywordId?: string;
  /** Without match marks; empty where the export names the keyword by id alone, or where there is none (a campaign). */
  keyword: string;
  matchType?: MatchType;
}

/** One row: both days included, in the account's time zone. */
export interface AdsRow extends Figures, Period, Bid {
  /** What was typed; only in search-term reports. */
  term?: string;
  /** As the file names it; only where it divides its rows by device. */
  device?: string;
  /** A decimal. */
  conversions: string;
}

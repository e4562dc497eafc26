/**
 * Rate limit for landings whose keyword is in no import. Anybody can send such words, in any number and with
 * any campaign, and each would become a line of the report; so only `maxUnlisted` a day are kept of one network.
 */

import { sql } from "drizzle-orm";
import type { Bid } from "#analytics/ad-files/bid.ts";
import { keywordKey } from "#analytics/keyword.ts";
import { joinOf, LineIndex, type Source } from "#analytics/spend/join.ts";
import { inSteps } from "#analytics/steps.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { log, traceOf } from "#db/log.ts";
import { adPlatform, type AdPlatform } from "#db/terms/attribution.ts";
import { blindIndex } from "#db/vault/blind-index.ts";

/**
 * Different unlisted lines that one network leaves on a day in Tokyo. One household never clicks so
 * many; a hospital or a mobile carrier shares one address, and loses nothing that an import knows.
 */
export const maxUnlisted = 50;

/** Cache lifetime of `bids`, in milliseconds. */
const cacheMs = 60_000;

let bids = new LineIndex<Bid & { platform?: string }>();
let checkedAt = Number.NEGATIVE_INFINITY;
/** Count and latest time of the imports that `bids` was read from. */
let importsVersion = "";

/** Whether the report would find a line of cost for this landing. Reads the cache only, and refreshes it in the background. */
export function isListed(source: Source, now: Date): boolean {
  if (Math.abs(now.getTime() - checkedAt) > cacheMs)
    void readBids(now).catch((error: unknown) => log("bids.failed", traceOf(error)));
  return joinOf(source, bids) !== undefined;
}

/** Refreshes the cache of bids, if an import was added or removed since the last time. */
export async function readBids(now: Date): Promise<void> {
  checkedAt = now.getTime();
  const [row] = await db.execute<{ version: string }>(
    sql`select concat(count(*) filter (where undone_at is null), ' ', max(imported_at)) as version from ad_imports`,
  );
  if (row === undefined || row.version === importsVersion) return;
  const found = await db.execute<Record<string, string | null>>(
    sql`select platform, campaign_id, campaign, ad_group_id, ad_group, keyword_id, keyword, match_type from bids`,
  );
  const read = new LineIndex<Bid & { platform?: string }>();
  await inSteps(found, (bid) => read.add(bidOf(bid)));
  bids = read;
  importsVersion = row.version;
}

const bidOf = (row: Record<string, string | null>): Bid & { platform?: string } => ({
  platform: row["platform"] ? adPlatform[row["platform"] as AdPlatform] : undefined,
  campaignId: row["campaign_id"] ?? undefined,
  campaign: row["campaign"] ?? "",
  adGroupId: row["ad_group_id"] ?? undefined,
  adGroup: row["ad_group"] ?? "",
  keywordId: row["keyword_id"] ?? undefined,
  keyword: row["keyword"] ?? "",
  matchType: (row["match_type"] ?? undefined) as Bid["matchType"],
});

/** What makes an unlisted landing a line of its own in the report. */
export const unlistedLine = ({ platform, campaignId, utmCampaign, adGroupId, keyword, matchType }: Source): string =>
  JSON.stringify([platform, campaignId ?? utmCampaign, adGroupId, keywordKey(keyword ?? ""), matchType]);

/** Begins the scope of these counters among the rate limits. */
export const scopePrefix = "keyword:";

/** Which counter limits an unlisted line; names are those of the statement in insert.ts. */
export interface KeywordLimit {
  /** As PostgreSQL reads bytes: \x and hexadecimal. */
  network_hash: string;
  scope: string;
  /** Minutes since 1970 at the midnight in Tokyo that began the day. */
  minute: number;
}

/**
 * The counter of this line for this network today: keyed hashes, from which neither network nor word can be read,
 * deleted after a day (api/privacy/retention.ts).
 */
export function keywordLimit(source: Source, network: string, now: Date): KeywordLimit {
  const line = blindIndex("network", `${network}\0${unlistedLine(source)}`)
    .toString("base64url")
    .slice(0, 22);
  return {
    network_hash: `\\x${blindIndex("network", network).toString("hex")}`,
    scope: `${scopePrefix}${line}`,
    minute: Math.floor(Date.parse(`${dayOf(now)}T00:00:00+09:00`) / 60_000),
  };
}

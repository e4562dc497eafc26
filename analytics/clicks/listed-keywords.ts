/**
 * Landings with a keyword that no import knows. Anybody can send such words, in any number and with any
 * campaign, and each would become a line of the report; so one network leaves only so many a day.
 */

import { type SQL, sql } from "drizzle-orm";
import type { Bid } from "#analytics/imports/ads-file.ts";
import { keywordKey } from "#analytics/keyword.ts";
import { joinOf, LineIndex, type Source } from "#analytics/spend/join.ts";
import { inSteps } from "#analytics/steps.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { log, traceOf } from "#db/log.ts";
import { rateWindows } from "#db/schema/rate-limits.ts";
import { blindIndex } from "#db/vault/vault.ts";

/**
 * Different unlisted lines that one network leaves on a day in Tokyo. One household never clicks so
 * many; a hospital or a mobile carrier shares one address, and loses nothing that an import knows.
 */
export const maxUnlisted = 50;

/** How long what imports know may be out of date. */
const freshMs = 60_000;

let bids = new LineIndex<Bid>();
let checkedAt = Number.NEGATIVE_INFINITY;
let imports = "";

/** Whether the report would find this landing's line in some import. Looks in memory only. */
export function isListed(source: Source, now: Date): boolean {
  if (Math.abs(now.getTime() - checkedAt) > freshMs)
    void readBids(now).catch((error: unknown) => log("bids.failed", traceOf(error)));
  return joinOf(source, bids) !== undefined;
}

/** Takes up what imports know, if one came or went since the last time. */
export async function readBids(now: Date): Promise<void> {
  checkedAt = now.getTime();
  const [row] = await db.execute<{ mark: string }>(
    sql`select concat(count(*), ' ', max(imported_at)) as mark from ad_imports`,
  );
  if (row === undefined || row.mark === imports) return;
  const columns = sql.raw("campaign_id, campaign, ad_group_id, ad_group, keyword_id, keyword, match_type");
  const found = await db.execute<Record<string, string | null>>(sql`
    select distinct ${columns} from ad_spend union select distinct ${columns} from search_terms`);
  const read = new LineIndex<Bid>();
  await inSteps(found, (bid) => read.add(bidOf(bid)));
  bids = read;
  imports = row.mark;
}

const bidOf = (row: Record<string, string | null>): Bid => ({
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

/**
 * A part of a statement: one row when this line may be kept for this network today, none beyond the
 * limit. It counts by keyed hashes, in which neither network nor word can be read, swept after a day
 * (api/privacy/retention.ts). Two at the same moment may both pass: the limit is no promise to the last one.
 */
export function admitKeyword(source: Source, network: string, now: Date): SQL {
  const whose = blindIndex("network", network);
  const line = blindIndex("network", `${network}\0${unlistedLine(source)}`)
    .toString("base64url")
    .slice(0, 22);
  const scope = `${scopePrefix}${line}`;
  const minute = Math.floor(Date.parse(`${dayOf(now)}T00:00:00+09:00`) / 60_000);
  const today = sql`network = ${whose} and minute = ${minute}`;
  return sql`
    insert into ${rateWindows} (network, scope, minute, count)
    select ${whose}::bytea, ${scope}::text, ${minute}::int, 1
    where exists (select 1 from ${rateWindows} where ${today} and scope = ${scope})
      or (select count(*) from ${rateWindows} where ${today} and starts_with(scope, ${scopePrefix})) < ${maxUnlisted}
    on conflict (network, scope, minute) do update set count = ${rateWindows}.count + 1
    returning 1`;
}

const scopePrefix = "keyword:";

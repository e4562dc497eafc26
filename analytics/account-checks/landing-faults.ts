/** Landings by which one can see that an advertisement is set up wrongly. */

import { type SQL, sql } from "drizzle-orm";
import { platformSql } from "#analytics/clicks/platform.ts";
import { isCountedLanding } from "#analytics/landings/lines.ts";
import type { Period } from "#analytics/period.ts";
import { db } from "#db/client.ts";

/** Landings of one campaign that lack something. The newest day is in Asia/Tokyo. */
export interface Fault extends Record<string, unknown> {
  /** Null: Google's, or unknown. */
  platform: string | null;
  /** Digits only; null where the landing names no campaign, or by something that is no campaign id of Google's. */
  campaignId: string | null;
  landings: number;
  newest: string;
}

/** Of landings with a click id, those without our own ids. */
export interface MissingSuffix extends Fault {
  /** All landings of the campaign with a click id. */
  withClickId: number;
}

export interface MissingPage extends Fault {
  /** As somebody sent it: text of strangers. */
  path: string;
}

/** Most rows of each list: strangers can make as many as they like. */
const mostRows = 20;

const ofPeriod = ({ from, to }: Period): SQL => sql`
  ${isCountedLanding} and is_ad and landed_at >= ${from}::date::timestamp at time zone 'Asia/Tokyo'
    and landed_at < (${to}::date + 1)::timestamp at time zone 'Asia/Tokyo'`;

/** A campaign id as Google writes it, from our own parameter or from auto-tagging's; other text is a stranger's. */
const campaignId = sql`substring(coalesce(campaign_id, extras ->> 'gad_campaignid', utm_id) from '^[0-9]{1,20}$')`;
const newest = sql`max((landed_at at time zone 'Asia/Tokyo')::date)::text`;

/** Names one click, or says at least that there was one. */
const hasClickId = sql`(click_key is not null or extras ?| array['gbraid', 'wbraid'])`;

const lacksIds = sql`(campaign_id is null and ad_group_id is null and target_id is null
  and keyword_missing is distinct from 'literal')`;

/** Campaigns of which at least `fewest` landings had a click id and none of our ids: their suffix is not set. */
export const missingSuffixes = (period: Period, fewest: number): Promise<MissingSuffix[]> =>
  db.execute<MissingSuffix>(sql`
    select ${platformSql} as platform, ${campaignId} as "campaignId",
      (count(*) filter (where ${lacksIds}))::int as landings, count(*)::int as "withClickId",
      max((landed_at at time zone 'Asia/Tokyo')::date) filter (where ${lacksIds})::text as newest
    from clicks where ${ofPeriod(period)} and ${hasClickId}
    group by 1, 2 having count(*) filter (where ${lacksIds}) >= ${fewest}
    order by 3 desc, 2 limit ${mostRows}`);

/** Campaigns of which at least `fewest` landings carried "{keyword}" itself in place of a keyword. */
export const literalPlaceholders = (period: Period, fewest: number): Promise<Fault[]> =>
  db.execute<Fault>(sql`
    select ${platformSql} as platform, ${campaignId} as "campaignId", count(*)::int as landings, ${newest} as newest
    from clicks where ${ofPeriod(period)} and keyword_missing = 'literal'
    group by 1, 2 having count(*) >= ${fewest} order by 3 desc, 2 limit ${mostRows}`);

/**
 * Addresses that advertisements led to and that do not exist, those of `known` campaigns first: strangers can make up
 * any number of others. `others`: how many more addresses there are.
 */
export async function missingPages(
  period: Period,
  known: readonly string[],
): Promise<{ rows: MissingPage[]; others: number }> {
  const isKnown = sql`coalesce(${campaignId} in (select jsonb_array_elements_text(${JSON.stringify(known)}::jsonb)), false)`;
  const found = await db.execute<MissingPage & { total: number }>(sql`
    select path, ${platformSql} as platform, ${campaignId} as "campaignId", count(*)::int as landings, ${newest} as newest,
      (count(*) over ())::int as total
    from clicks where ${ofPeriod(period)} and missing_page
    group by 1, 2, 3 order by ${isKnown} desc, 4 desc, 5 desc, 1, 3 limit ${mostRows}`);
  return {
    rows: found.map(({ total: _total, ...row }) => row),
    others: (found[0]?.total ?? 0) - found.length,
  };
}

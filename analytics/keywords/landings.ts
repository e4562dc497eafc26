/** Landings, downloads and consultations of a period, by the advertising parameters they came with. */

import { sql } from "drizzle-orm";
import { platformSql } from "#analytics/clicks/platform.ts";
import type { Period } from "#analytics/period.ts";
import { keywordIdOf, type Source } from "#analytics/spend/join.ts";
import { inSteps } from "#analytics/steps.ts";
import { db } from "#db/client.ts";
import type { KeywordMissing, MatchType } from "#db/terms/attribution.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";

/**
 * `doubtful`: those of the consultations that wait in the "check first" queue (spam score from `reviewThreshold`).
 * The names stand in the JSON of `report keywords`.
 */
export interface Counts {
  landings: number;
  downloads: number;
  consultations: number;
  doubtful: number;
}

/** Equal landings together; `source` is absent for leads that no advertisement led to. */
export interface LandingCounts extends Counts {
  source?: Source;
}

interface ClickColumns {
  platform: string | null;
  campaign_id: string | null;
  ad_group_id: string | null;
  target_id: string | null;
  keyword: string | null;
  keyword_missing: KeywordMissing | null;
  match_type: MatchType | null;
  utm_campaign: string | null;
  utm_content: string | null;
}

type LandingRow = Record<string, unknown> & Counts & ClickColumns & { is_click: boolean };

/**
 * Without a keyword or a keyword id, the other parameters cannot join a landing to a line. Such landings are one
 * group, so that invented campaign names cannot make the report longer.
 */
const hasKeyword = sql`(keyword is not null or target_id ~ '(^|:)kwd-[0-9]+(:|$)')`;

const ofKeyword = (column: string) => sql`case when ${hasKeyword} then ${sql.raw(column)} end`;

/**
 * Landings of the period's days in Asia/Tokyo, crawlers left out, and the leads received in it. A lead
 * counts on the day it came, whenever its advertisement was clicked, so that all leads add up.
 */
export async function countLandings({ from, to }: Period): Promise<LandingCounts[]> {
  const within = (column: string) =>
    sql`${sql.raw(column)} >= ${from}::date::timestamp at time zone 'Asia/Tokyo'
      and ${sql.raw(column)} < (${to}::date + 1)::timestamp at time zone 'Asia/Tokyo'`;
  const found = await db.execute<LandingRow>(sql`
    with counted as (
      select id as click_id, 1 as landing, null as kind, 0 as spam_score
      from clicks where not crawler and ${within("landed_at")}
      union all
      select click_id, 0, kind, spam_score
      from leads where kind in ('download', 'consultation') and ${within("received_at")})
    select c.id is not null as is_click,
      ${platformSql} as platform,
      ${ofKeyword("coalesce(campaign_id, extras ->> 'gad_campaignid')")} as campaign_id,
      ${ofKeyword("ad_group_id")} as ad_group_id, ${ofKeyword("target_id")} as target_id, keyword, keyword_missing,
      ${ofKeyword("match_type")} as match_type, ${ofKeyword("utm_campaign")} as utm_campaign,
      ${ofKeyword("utm_content")} as utm_content,
      sum(landing)::int as landings,
      count(*) filter (where kind = 'download')::int as downloads,
      count(*) filter (where kind = 'consultation')::int as consultations,
      count(*) filter (where kind = 'consultation' and spam_score >= ${reviewThreshold})::int as doubtful
    from counted left join clicks c on c.id = counted.click_id
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    order by 1, 3, 4, 5, 6, 7, 8, 9, 10`);
  const counts: LandingCounts[] = [];
  await inSteps(found, ({ landings, downloads, consultations, doubtful, ...row }) =>
    counts.push({ landings, downloads, consultations, doubtful, source: row.is_click ? sourceOf(row) : undefined }),
  );
  return counts;
}

function sourceOf(row: ClickColumns): Source {
  return {
    platform: row.platform ?? undefined,
    campaignId: row.campaign_id ?? undefined,
    adGroupId: row.ad_group_id ?? undefined,
    keywordId: keywordIdOf(row.target_id),
    keyword: row.keyword ?? undefined,
    keywordMissing: row.keyword_missing ?? undefined,
    matchType: row.match_type ?? undefined,
    utmCampaign: row.utm_campaign ?? undefined,
    utmContent: row.utm_content ?? undefined,
  };
}

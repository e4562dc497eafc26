/** Our own side of the report: landings, downloads and consultations, by what the URL said. */
import { sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { doubtful, type KeywordMissing, type MatchType } from "#db/terms.ts";
import { keywordIdOf, type Source } from "./join.ts";
import type { Period } from "./period.ts";
import { inSteps } from "./steps.ts";

/** What happened here. `doubtful`: consultations that wait in the "check first" queue, counted as well. */
export interface Counts {
  landings: number;
  downloads: number;
  consultations: number;
  doubtful: number;
}

/** Equal landings together; `source` is absent for leads that no advertisement led to. */
export interface Arrivals extends Counts {
  source?: Source;
}

interface Said {
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

type Found = Record<string, unknown> & Counts & Said & { is_click: boolean };

/** Other advertising than Google's, by its click id or by what its `utm_source` holds. */
const platforms = [
  { name: "Yahoo! 広告", clickId: "yclid:", source: "yahoo" },
  { name: "Microsoft 広告", clickId: "msclkid:", source: "bing|microsoft" },
];

/** The platform of a landing; undefined is Google, or nobody knows. The same rule as `platformSql`. */
export const platformOf = (clickKey: string | undefined, utmSource: string | undefined): string | undefined =>
  platforms.find(
    ({ clickId, source }) => clickKey?.startsWith(clickId) || new RegExp(source, "iu").test(utmSource ?? ""),
  )?.name;

const platformSql = sql`case ${sql.join(
  platforms.map(
    ({ name, clickId, source }) =>
      sql`when starts_with(click_key, ${clickId}) or utm_source ~* ${source} then ${name}::text`,
  ),
  sql` `,
)} end`;

/**
 * Ids and names settle nothing where no keyword and no keyword id came along, so such landings are one
 * group, however many campaigns a stranger invents.
 */
const naming = sql`(keyword is not null or target_id ~ '(^|:)kwd-[0-9]+(:|$)')`;
const ofKeyword = (column: string) => sql`case when ${naming} then ${sql.raw(column)} end`;

/**
 * Landings of the period's days in Asia/Tokyo, crawlers left out, and the leads received in it. A lead
 * counts on the day it came, whenever its advertisement was clicked, so that all leads add up.
 */
export async function arrivalsIn({ from, to }: Period): Promise<Arrivals[]> {
  const within = (column: string) =>
    sql`${sql.raw(column)} >= ${from}::date::timestamp at time zone 'Asia/Tokyo'
      and ${sql.raw(column)} < (${to}::date + 1)::timestamp at time zone 'Asia/Tokyo'`;
  const found = await db.execute<Found>(sql`
    with counted as (
      select id as click_id, 1 as landing, null as kind, 0 as suspicion
      from clicks where not crawler and ${within("landed_at")}
      union all
      select click_id, 0, kind, suspicion
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
      count(*) filter (where kind = 'consultation' and suspicion >= ${doubtful})::int as doubtful
    from counted left join clicks c on c.id = counted.click_id
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    order by 1, 3, 4, 5, 6, 7, 8, 9, 10`);
  const arrivals: Arrivals[] = [];
  await inSteps(found, ({ landings, downloads, consultations, doubtful, ...row }) =>
    arrivals.push({ landings, downloads, consultations, doubtful, source: row.is_click ? sourceOf(row) : undefined }),
  );
  return arrivals;
}

function sourceOf(row: Said): Source {
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

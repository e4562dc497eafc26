/** Landings and leads of a period, by the advertising parameters they came with. */

import { type SQL, sql } from "drizzle-orm";
import { platformSql } from "#analytics/clicks/platform.ts";
import { tokenDays } from "#analytics/clicks/token.ts";
import type { Period } from "#analytics/period.ts";
import { keywordIdOf, type Source } from "#analytics/spend/join.ts";
import { inSteps } from "#analytics/steps.ts";
import { db } from "#db/client.ts";
import type { KeywordMissing, MatchType } from "#db/terms/attribution.ts";
import { notCounted } from "#db/terms/cases.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";

/** What is counted, for a line of the report or for all. The names stand in the JSON of `report keywords`. */
export interface Counts {
  /** Visits of people: no crawlers, no pages fetched ahead, Back and reload once (analytics/clicks/visit.ts). */
  landings: number;
  /** Of the landings, those that opened the form for a consultation. */
  formsOpened: number;
  downloads: number;
  subscriptions: number;
  /** Requests for help by the last advertisement before them, without those closed as no consultation or as a test. */
  consultations: number;
  /** Of these, the ones that nobody has decided on yet ("check first"): no rate and no cost counts them. */
  doubtful: number;
  /** Landings that led to at least one consultation which is not doubtful: several through one are one. */
  people: number;
  /** The same consultations by the first advertisement that the family is known to have come by. */
  firstConsultations: number;
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
  utm_source: string | null;
  utm_medium: string | null;
  is_ad: boolean | null;
}

type LandingRow = Record<string, unknown> & Counts & ClickColumns & { from: "click" | "older" | "elsewhere" };

/**
 * Without a keyword or a keyword id, the other parameters cannot join a landing to a line. Such landings are one
 * group for each campaign, so that invented names cannot make the report longer.
 */
const hasKeyword = sql`(keyword is not null or target_id ~ '(^|:)kwd-[0-9]+(:|$)')`;

const ofKeyword = (column: string) => sql`case when is_ad and ${hasKeyword} then ${sql.raw(column)} end`;

const ofAd = (column: SQL) => sql`case when is_ad then ${column} end`;
const ofLink = (column: string) => sql`case when not is_ad then ${sql.raw(column)} end`;

const within = (column: string, { from, to }: Period) =>
  sql`${sql.raw(column)} >= ${from}::date::timestamp at time zone 'Asia/Tokyo'
    and ${sql.raw(column)} < (${to}::date + 1)::timestamp at time zone 'Asia/Tokyo'`;

/** SQL, of `clicks`: a person's landing. */
const isLanding = sql`not crawler and not prefetched`;

/** SQL, of a lead and the state of its case: it waits for somebody to decide whether it is one. Taken up, it is no longer new. */
const isDoubtful = sql`(lead.spam_score >= ${reviewThreshold} and coalesce(cases.state, 'new') = 'new')`;

/**
 * SQL: the requests for help of the period that count, with the click they came by. `click_id` is null where the
 * click is older than a token works (`is_older`) or there was none. `first_id` is the first click, of the family's
 * earlier requests too, which are known by the same address or telephone number (blind index).
 */
const consultations = (period: Period) => sql`
  select lead.id, last.id as click_id, lead.click_id is not null and last.id is null as is_older,
    ${isDoubtful} as is_doubtful, coalesce(first.first_id, first.id) as first_id
  from leads as lead
  left join consultations as asked on asked.lead_id = lead.id
  left join cases on cases.id = asked.case_id
  left join clicks as last on last.id = lead.click_id and last.landed_at >= lead.received_at - ${reach}
  left join lateral (
    select touched.id, touched.first_id
    from (
      select last.id
      union select earlier.click_id from consultations as other join leads as earlier on earlier.id = other.lead_id
        where other.email_index = asked.email_index and earlier.received_at < lead.received_at
      union select earlier.click_id from consultations as other join leads as earlier on earlier.id = other.lead_id
        where other.phone_index = asked.phone_index and earlier.received_at < lead.received_at
      union select earlier.click_id from download_grants as other join leads as earlier on earlier.id = other.lead_id
        where other.email_index = asked.email_index and earlier.received_at < lead.received_at
    ) as touch (id)
    join clicks as touched on touched.id = touch.id and touched.landed_at >= lead.received_at - ${reach}
    order by touched.landed_at limit 1
  ) as first on true
  where lead.kind = 'consultation' and ${within("lead.received_at", period)}
    and not exists (
      select from closures where closures.case_id = asked.case_id and reopened_at is null
        and reason in (${sql.join(
          notCounted.map((reason) => sql`${reason}`),
          sql`, `,
        )}))`;

/** SQL: how long before a lead a click may lie. */
const reach = sql.raw(`interval '${tokenDays} days'`);

/**
 * Landings of the period's days in Asia/Tokyo, and the leads received in it. A lead counts on the day it came,
 * whenever its advertisement was clicked, so that all leads add up.
 */
export async function countLandings(period: Period): Promise<LandingCounts[]> {
  const found = await db.execute<LandingRow>(sql`
    with asked as materialized (${consultations(period)}), counted as (
      select id as click_id, false as is_older, 'landing' as what, form_opened_at is not null as is_marked from clicks
      where ${isLanding} and ${within("landed_at", period)}
      union all
      select last.id, lead.click_id is not null and last.id is null, lead.kind, false from leads as lead
      left join clicks as last on last.id = lead.click_id and last.landed_at >= lead.received_at - ${reach}
      where lead.kind in ('download', 'subscription') and ${within("lead.received_at", period)}
      union all select click_id, is_older, 'consultation', is_doubtful from asked
      union all select first_id, false, 'first', is_doubtful from asked)
    select case when c.id is not null then 'click' when is_older then 'older' else 'elsewhere' end as from,
      ${ofAd(platformSql)} as platform, is_ad,
      ${ofAd(sql`coalesce(campaign_id, extras ->> 'gad_campaignid', utm_id)`)} as campaign_id,
      ${ofKeyword("ad_group_id")} as ad_group_id, ${ofKeyword("target_id")} as target_id,
      ${ofAd(sql`keyword`)} as keyword, ${ofAd(sql`keyword_missing`)} as keyword_missing,
      ${ofKeyword("match_type")} as match_type, ${ofKeyword("utm_campaign")} as utm_campaign,
      ${ofKeyword("utm_content")} as utm_content,
      ${ofLink("utm_source")} as utm_source, ${ofLink("utm_medium")} as utm_medium,
      (count(*) filter (where what = 'landing'))::int as landings,
      (count(*) filter (where what = 'landing' and is_marked))::int as "formsOpened",
      (count(*) filter (where what = 'download'))::int as downloads,
      (count(*) filter (where what = 'subscription'))::int as subscriptions,
      (count(*) filter (where what = 'consultation'))::int as consultations,
      (count(*) filter (where what = 'consultation' and is_marked))::int as doubtful,
      (count(distinct c.id) filter (where what = 'consultation' and not is_marked)
        + count(*) filter (where what = 'consultation' and not is_marked and c.id is null))::int as people,
      (count(*) filter (where what = 'first'))::int as "firstConsultations"
    from counted left join clicks c on c.id = counted.click_id
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
    order by 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13`);
  const counts: LandingCounts[] = [];
  await inSteps(found, (row) => counts.push({ ...countsOf(row), source: sourceOf(row) }));
  return counts;
}

const countsOf = (row: Counts): Counts => ({
  landings: row.landings,
  formsOpened: row.formsOpened,
  downloads: row.downloads,
  subscriptions: row.subscriptions,
  consultations: row.consultations,
  doubtful: row.doubtful,
  people: row.people,
  firstConsultations: row.firstConsultations,
});

function sourceOf(row: LandingRow): Source | undefined {
  if (row.from === "elsewhere") return undefined;
  if (row.from === "older") return { kind: "older" };
  if (!row.is_ad)
    return { kind: "link", utmSource: row.utm_source ?? undefined, utmMedium: row.utm_medium ?? undefined };
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

/** Clicks that the advertising account charged for, beside our own landings, by campaign and day. */

import { sql } from "drizzle-orm";
import { isCountedLanding, lineColumns } from "#analytics/landings/lines.ts";
import type { Period } from "#analytics/period.ts";
import { db } from "#db/client.ts";

/** One campaign on one day (YYYY-MM-DD) that an import has a row of; or a campaign that no import has, without a day. */
export interface CampaignDay extends Record<string, unknown> {
  /** Null: a campaign that landings name and no import. */
  account: string | null;
  /** Null: the import has no column of campaign ids. */
  campaignId: string | null;
  campaign: string | null;
  day: string | null;
  clicks: number;
  /** All landings of the campaign. */
  landings: number;
  /** Those with a keyword: the only ones whose clicks a keyword report can hold. */
  keywordLandings: number;
}

/** Most campaigns returned that no import knows: anybody can write a campaign id into a URL. */
const mostUnknown = 10;

/**
 * The days and campaigns of which the imports have daily rows, with the landings of the same days (Asia/Tokyo), by
 * campaign id. A day that was not over when its file was imported is left out: its clicks are not complete. At the
 * end the campaigns that no import of these days knows and that have `fewest` landings or more on them.
 *
 * One statement, so that only this text has to follow a change of the tables of cost.
 */
export const clicksAndLandings = ({ from, to }: Period, fewest: number): Promise<CampaignDay[]> =>
  db.execute<CampaignDay>(sql`
    with spent as (
      select bids.account, coalesce(campaign_id, known_campaign_id) as campaign_id, max(campaign) as campaign,
        date_from as day, sum(ad_spend.clicks)::int as clicks
      from ad_spend join bids on bids.id = bid_id join ad_imports on ad_imports.no = import_no
      where counted and date_from = date_to and date_from between ${from}::date and ${to}::date
        and bids.platform is null and date_from < (imported_at at time zone 'Asia/Tokyo')::date
      group by 1, 2, 4
    ), landed as (
      select day, campaign_id, count(*)::int as landings,
        (count(*) filter (where keyword is not null or target_id is not null))::int as keyword_landings
      from (
        select (landed_at at time zone 'Asia/Tokyo')::date as day, ${lineColumns} from clicks
        where ${isCountedLanding}
          and landed_at >= ${from}::date::timestamp at time zone 'Asia/Tokyo'
          and landed_at < (${to}::date + 1)::timestamp at time zone 'Asia/Tokyo') as landing
      where platform is null and campaign_id is not null and day in (select day from spent)
      group by day, campaign_id
    ), unknown as (
      select campaign_id, sum(landings)::int as landings, sum(keyword_landings)::int as keyword_landings
      from landed where not exists (select from spent where spent.campaign_id = landed.campaign_id)
      group by campaign_id having sum(landings) >= ${fewest} order by 2 desc, 1 limit ${mostUnknown}
    )
    select account, campaign_id as "campaignId", campaign, day::text, clicks, coalesce(landings, 0) as landings,
      coalesce(keyword_landings, 0) as "keywordLandings"
    from spent left join landed using (day, campaign_id)
    union all select null, campaign_id, null, null, 0, landings, keyword_landings from unknown
    order by 1, 3, 2, 4, 6 desc`);

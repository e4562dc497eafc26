/** The leads of a period, by the landing they came from: the last one before them, and the family's first. */

import { type SQL, sql } from "drizzle-orm";
import { tokenDays } from "#analytics/clicks/token.ts";
import type { Period } from "#analytics/period.ts";
import { db } from "#db/client.ts";
import { needsReviewSql } from "#db/schema/leads.ts";
import { notCounted } from "#db/terms/cases.ts";
import { bucketOf, type LineColumns, withinAny } from "./lines.ts";

/** Why leads have no line: their click is older than a token works, or there was none. */
export type WhyNoLine = "older" | "elsewhere" | null;

/** SQL: how long before a lead a click may lie. */
export const reach = sql.raw(`interval '${tokenDays} days'`);

/** SQL, of a lead and its case. */
const isDoubtful = needsReviewSql(sql`lead.spam_score`, sql`cases.state`);

/** SQL: the leads of the periods that count. */
export const countedLeads = (periods: Period[]): SQL => sql`
  select lead.id, lead.kind, lead.received_at, lead.click_id, asked.email_index, asked.phone_index,
    ${isDoubtful} as is_doubtful
  from leads as lead
  left join consultations as asked on asked.lead_id = lead.id
  left join cases on cases.id = asked.case_id
  where ${withinAny("lead.received_at", periods)}
    and not exists (
      select from closures where closures.case_id = asked.case_id and reopened_at is null
        and reason in (${sql.join(
          notCounted.map((reason) => sql`${reason}`),
          sql`, `,
        )}))`;

/** SQL: the clicks of earlier requests of `lead`s with the same address or telephone number (blind index). */
const earlierTouches = sql.join(
  [
    ["consultations", "email_index"],
    ["consultations", "phone_index"],
    ["download_grants", "email_index"],
  ].map(([table, index]) =>
    sql.raw(`
      select lead.id, lead.received_at, earlier.click_id
      from lead join ${table} as other on other.${index} = lead.${index}
        join leads as earlier on earlier.id = other.lead_id and earlier.received_at < lead.received_at
      where earlier.click_id is not null`),
  ),
  sql` union `,
);

/**
 * SQL: the clicks with these ids, each found by its primary key. "offset 0" keeps the planner from reading all clicks
 * instead: leads are few beside them.
 */
const clicksOf = (ids: string, columns: SQL) => sql`
  select click.* from (${sql.raw(ids)}) as wanted
  join lateral (select id, landed_at, first_id, ${columns} from clicks where clicks.id = wanted.id offset 0) as click
    on true`;

/** The counts of leads of one line in one period. */
export interface LeadCounts {
  /** Which of the periods, from 1. */
  bucket: number;
  from: WhyNoLine;
  downloads: number;
  subscriptions: number;
  consultations: number;
  doubtful: number;
  people: number;
  firstConsultations: number;
}

/**
 * SQL: the other landings of the chains of tokens that a `landing` belongs to, each with the first one: that may be out of
 * reach, and one between within it.
 */
const chainIds = `
  select chain.id from (select distinct first_id from landing where first_id is not null) as wanted
  join lateral (
    select id from clicks where clicks.first_id = wanted.first_id and not crawler and not prefetched offset 0) as chain on true
  union select first_id from landing where first_id is not null except select id from landing`;

/**
 * SQL: the leads of each of the periods (ascending) by line. Each click is read once (`landing`, `origin`), whatever
 * number of leads it led to. `first` is the earliest landing within reach of those by which the family's requests came,
 * and of the earlier ones of their chains of tokens (`first_id`). Rows have the columns of a line and those of
 * `LeadCounts`.
 */
export const leadCounts = (periods: Period[], { columns, names, order }: LineColumns): SQL => sql`
    with lead as materialized (
      select *, ${bucketOf("received_at", periods)} as bucket from (${countedLeads(periods)}) as counted_lead),
    touch as materialized (
      select id, received_at, click_id from lead where kind = 'consultation' and click_id is not null
      union ${earlierTouches}),
    landing as materialized (${clicksOf(
      `
      select click_id as id from lead where click_id is not null union select click_id from touch order by 1`,
      columns,
    )}),
    origin as materialized (${clicksOf(chainIds, columns)}),
    known as materialized (select * from landing union all select * from origin),
    candidate as (
      select touch.id, received_at, click_id from touch
      union all
      select touch.id, received_at, chain.id from touch join landing on landing.id = click_id
        join known as chain on chain.first_id = landing.first_id and chain.landed_at <= landing.landed_at
      union all
      select touch.id, received_at, first_id from touch join landing on landing.id = click_id where first_id is not null),
    first as (
      select distinct on (candidate.id) candidate.id, click_id
      from candidate join known on known.id = click_id and landed_at >= received_at - ${reach}
      order by candidate.id, landed_at, click_id),
    counted as (
      select bucket, last.id as click_id, lead.click_id is not null and last.id is null as is_older, kind as what, is_doubtful,
        coalesce(lead.click_id, lead.id) as person
      from lead left join landing as last on last.id = lead.click_id and landed_at >= received_at - ${reach}
      union all
      select bucket, first.click_id, false, 'first', is_doubtful, first.click_id
      from lead left join first using (id) where kind = 'consultation'),
    by_person as (
      select bucket, click_id, is_older, count(*) filter (where what = 'download') as downloads,
        count(*) filter (where what = 'subscription') as subscriptions,
        count(*) filter (where what = 'consultation') as consultations,
        count(*) filter (where what = 'consultation' and is_doubtful) as doubtful,
        bool_or(what = 'consultation' and not is_doubtful)::int as people,
        count(*) filter (where what = 'first') as first_consultations
      from counted group by bucket, click_id, is_older, person)
    select bucket, case when click_id is null then case when is_older then 'older' else 'elsewhere' end end as from, ${names},
      sum(downloads)::int as downloads, sum(subscriptions)::int as subscriptions,
      sum(consultations)::int as consultations, sum(doubtful)::int as doubtful, sum(people)::int as people,
      sum(first_consultations)::int as "firstConsultations"
    from by_person left join known on known.id = click_id
    group by 1, 2, ${names} order by 1, 2, ${order}`;

/** Runs `leadCounts`. */
export const leadsOf = async <Row extends Record<string, unknown>>(periods: Period[], columns: LineColumns) =>
  periods.length === 0 ? [] : db.execute<Row & LeadCounts>(leadCounts(periods, columns));

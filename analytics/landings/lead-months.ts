/**
 * Sums of leads by line for months that are over, so that a report over years does not look up every lead's landing and
 * every family's earlier requests. Triggers note each change of what leads of an earlier month are counted by
 * (`lead_changes`); a month counts as rolled up only while nothing was noted that its leads could be counted by. Where
 * it is not, reports count the leads themselves.
 *
 * The sums hold what code says of a lead (`countedLeads`, `reach`, `needsReviewSql`, the columns of a line): a version
 * that changes it deletes the rows of `lead_month_states` in a migration.
 */

import { type SQL, sql } from "drizzle-orm";
import { monthOf, type Period } from "#analytics/period.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db, type Executor } from "#db/client.ts";
import { countedLeads, leadCounts, reach, type WhyNoLine } from "./leads.ts";
import { bucketOf, line, lineKey, lineNames, type LineRow, withinAny } from "./lines.ts";
import { datesOfMonths, wholeMonth } from "./months.ts";

/** SQL, of a month of `lead_month_states`: one of the changes is of something that its leads may be counted by, in or before it. */
const isChangedBy = (changes: SQL) => sql`exists (
  select from ${changes} where at >= month::timestamp at time zone 'Asia/Tokyo' - ${reach}
    and at < (month + interval '1 month') at time zone 'Asia/Tokyo')`;

/** The months (YYYY-MM-01, ascending) that lie wholly in the period and whose sums are true. */
export async function rolledLeadMonths({ from, to }: Period): Promise<string[]> {
  const found = await db.execute<{ month: string }>(sql`
    select month::text from lead_month_states
    where month >= ${from}::date and (month + interval '1 month')::date <= ${to}::date + 1 and not ${isChangedBy(sql`lead_changes`)}
    order by month`);
  return found.map(({ month }) => month);
}

/**
 * Job: rolls up each month since the first lead that ended at least a day ago and whose sums are not true. Returns how
 * many months.
 */
export async function rollUpLeads(now: Date): Promise<{ months: number }> {
  const current = monthOf(dayOf(new Date(now.getTime() - 86_400_000)));
  return db.transaction(async (tx) => {
    // One statement, and before anything is counted: a change is either seen by it, and the months that it reaches are
    // counted after it, or its row stays and makes their sums untrue.
    await tx.execute(sql`
      with changes as (delete from lead_changes returning at)
      delete from lead_month_states where ${isChangedBy(sql`changes`)}`);
    const missing = await tx.execute<{ month: string }>(sql`
      select months.month::date::text from (select min(received_at) at time zone 'Asia/Tokyo' as at from leads) as first,
        generate_series(date_trunc('month', first.at), ${current}::date - 1, interval '1 month') as months (month)
      where months.month::date not in (select month from lead_month_states) order by 1`);
    const months = missing.map(({ month }) => month);
    if (months.length > 0) await rollUp(tx, months);
    return { months: months.length };
  });
}

async function rollUp(tx: Executor, months: string[]): Promise<void> {
  const periods = months.map(wholeMonth);
  const dates = datesOfMonths(months);
  await tx.execute(sql`
    create temporary table lead_sums on commit drop as
    select ${lineKey} as key, counted.* from (${leadCounts(periods, line)}) as counted`);
  await tx.execute(sql`
    insert into landing_lines (key, ${lineNames}) select distinct key, ${lineNames} from lead_sums where "from" is null
    on conflict (key) do nothing`);
  await tx.execute(sql`delete from lead_months where month = any (${dates})`);
  await tx.execute(sql`
    insert into lead_months (month, line_id, no_line, downloads, subscriptions, consultations, doubtful, people,
      first_consultations)
    select (${dates})[bucket], id, "from", downloads, subscriptions, consultations, doubtful, people, "firstConsultations"
    from lead_sums left join landing_lines on landing_lines.key = lead_sums.key and "from" is null`);
  await tx.execute(sql`insert into lead_month_states (month) select unnest(${dates})`);
}

/**
 * Corrections for a period whose leads were counted in parts (ascending): who wrote in several of them by one landing
 * is one person and was counted in each. `people` is negative. Rows have the columns of a line.
 */
export async function repeatedPeople(parts: Period[]): Promise<(LineRow & { from: WhyNoLine; people: number })[]> {
  if (parts.length < 2) return [];
  return db.execute<LineRow & { from: WhyNoLine; people: number }>(sql`
    with repeated as materialized (
      select click_id from leads
      where kind = 'consultation' and click_id is not null and ${withinAny("received_at", parts)}
      group by click_id having count(distinct ${bucketOf("received_at", parts)}) > 1),
    person as (
      select lead.click_id, clicks.id as landing_id, count(distinct ${bucketOf("received_at", parts)})::int - 1 as more
      from (${countedLeads(parts)} and lead.click_id in (select click_id from repeated)) as lead
        left join clicks on clicks.id = lead.click_id and landed_at >= received_at - ${reach}
      where lead.kind = 'consultation' and not is_doubtful group by 1, 2)
    select case when landing_id is null then 'older' end as from, ${line.names}, -more as people
    from person left join lateral (select ${line.columns} from clicks where clicks.id = landing_id) as landed on true
    where more > 0 order by 1, ${line.order}`);
}

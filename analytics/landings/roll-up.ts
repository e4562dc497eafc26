/**
 * Sums of landings by line for months that are over, so that a report over years does not read every landing. The
 * past hardly changes: a trigger on `clicks` notes each change of a landing of an earlier month, and a month counts
 * as rolled up only while nothing in it changed since. Where it is not, reports read the landings themselves.
 */

import { sql } from "drizzle-orm";
import { monthAfter, monthOf, type Period } from "#analytics/period.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { isCountedLanding, lineColumns, lineKey, lineNames } from "./lines.ts";

/** The months (YYYY-MM-01, ascending) that lie wholly in the period and whose sums are true. */
export async function rolledMonths({ from, to }: Period): Promise<string[]> {
  const found = await db.execute<{ month: string }>(sql`
    select month::text from landing_month_states
    where rolled_changes = changes and month >= ${from}::date and (month + interval '1 month')::date <= ${to}::date + 1
    order by month`);
  return found.map(({ month }) => month);
}

/**
 * Job: rolls up each month since the first landing that ended at least a day ago and whose sums are not true.
 * Returns how many months.
 */
export async function rollUpLandings(now: Date): Promise<{ months: number }> {
  const current = monthOf(dayOf(new Date(now.getTime() - 86_400_000)));
  const months = await db.execute<{ month: string }>(sql`
    select months.month::date::text from (select min(landed_at) at time zone 'Asia/Tokyo' as at from clicks) as first,
      generate_series(date_trunc('month', first.at), ${current}::date - 1, interval '1 month') as months (month)
    where not exists (
      select from landing_month_states as state where state.month = months.month::date and rolled_changes = changes)
    order by 1`);
  for (const { month } of months) await rollUp(month);
  return { months: months.length };
}

/**
 * Sums one month. All of it sees one snapshot: a change that is committed later raises `changes` beyond the number
 * noted here, and the sums count no longer. Throws a serialization failure (40001) when a change is being made to
 * this month at the same moment; the next run of the job rolls it up.
 */
async function rollUp(month: string): Promise<void> {
  await db.transaction(
    async (tx) => {
      await tx.execute(sql`
        insert into landing_month_states (month) values (${month}::date) on conflict (month) do nothing`);
      await tx.execute(sql`delete from landing_months where month = ${month}::date`);
      await tx.execute(sql`
        create temporary table summed on commit drop as
        select ${lineKey} as key, ${lineNames}, count(*)::int as landings,
          count(form_opened_at)::int as forms_opened
        from (
          select ${lineColumns}, form_opened_at from clicks
          where ${isCountedLanding} and landed_at >= ${month}::date::timestamp at time zone 'Asia/Tokyo'
            and landed_at < ${monthAfter(month)}::date::timestamp at time zone 'Asia/Tokyo'
        ) as landed group by ${lineNames}`);
      await tx.execute(sql`
        insert into landing_lines (key, ${lineNames}) select key, ${lineNames} from summed on conflict (key) do nothing`);
      await tx.execute(sql`
        insert into landing_months (month, line_id, landings, forms_opened)
        select ${month}::date, id, summed.landings, forms_opened from summed join landing_lines using (key)`);
      await tx.execute(sql`
        update landing_month_states set rolled_changes = changes where month = ${month}::date`);
    },
    { isolationLevel: "repeatable read" },
  );
}

/** SQL: the imported cost that counts for a period. */

import { type SQL, sql } from "drizzle-orm";
import { monthAfter, monthOf, type Period } from "#analytics/period.ts";
import { dayAfter } from "#db/calendar/days.ts";

/**
 * What counts of the days and sums that lie wholly in the period, by bid (`same_as`) and report: months that lie in it
 * from their sums, days before and after them from their lines (but for those of `withoutImport`, which are being
 * inserted).
 */
export const countedIn = ({ from, to }: Period, withoutImport = 0) => {
  const day = (date: string) => sql`${date}::date`;
  const firstMonth = day(from.endsWith("-01") ? from : monthAfter(from));
  const afterMonths = day(monthOf(dayAfter(to)));
  // "date_from >= date_to" is true of single days alone. Of an equation the planner would expect one row in 200, and look
  // up each of a hundred thousand by itself.
  const edge = sql`date_from >= date_to and counted and date_from between ${day(from)} and ${day(to)}
    and (date_from < ${firstMonth} or date_from >= ${afterMonths}) and import_no <> ${withoutImport}`;
  const hasEdges = !from.endsWith("-01") || !dayAfter(to).endsWith("-01");
  const edgeOf = (table: SQL) => sql`
    select bid_id, import_no, sum(impressions) as impressions, sum(clicks) as clicks, sum(cost) as cost
    from ${table} where ${edge} group by 1, 2`;
  const edges = sql`
    select b.same_as, i.report, s.impressions, s.clicks, s.cost
    from (${edgeOf(sql`ad_spend`)} union all ${edgeOf(sql`search_terms`)}) s
    join bids b on b.id = s.bid_id join ad_imports i on i.no = s.import_no`;
  return sql`
    select bid_id, report, impressions, clicks, cost from spend_months
    where month >= ${firstMonth} and month < ${afterMonths}
    ${hasEdges ? sql`union all ${edges}` : sql``}
    union all
    select bid_id, report, impressions, clicks, cost from spend_spans
    where state = 'counted' and date_from >= ${day(from)} and date_to <= ${day(to)}`;
};

/** SQL: each account with its currency; all its imports have one. */
export const accounts = sql`(select distinct on (account) account, currency from ad_imports where undone_at is null order by account, no desc)`;

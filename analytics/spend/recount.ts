/**
 * Which imported lines count. A pure function of the imports that stand and of their order: of equal days the newest
 * import counts; sums over several days count what they say more than the days and shorter sums inside them
 * (spans.ts), so that nothing finer is ever replaced by something coarser; and for a day of an account keyword reports
 * win over search terms, and for one of a campaign both win over campaign reports. Kept in `counted`, `spend_spans` and `spend_months`.
 */

import { type SQL, sql } from "drizzle-orm";
import { exactDecimal, microsFromDatabase } from "#analytics/money.ts";
import type { Period } from "#analytics/period.ts";
import type { Executor } from "#db/client.ts";
import { type AdReport, adReport } from "#db/terms/attribution.ts";
import { codes } from "#db/terms/codes.ts";
import { planForManyRows } from "./plan.ts";
import { countSpans, type CountedSpan, type Span } from "./spans.ts";

/** The table with the lines of a report. */
export const tableOf = (report: AdReport) => sql.raw(report === "search_terms" ? "search_terms" : "ad_spend");

/** Lines of an account's report with their bid (`same_as`) and campaign; `within` limits them. */
const linesOf = (account: string, report: AdReport, within: SQL) => sql`
  select s.*, b.same_as, b.campaign_key
  from ${tableOf(report)} s join bids b on b.id = s.bid_id join ad_imports i on i.no = s.import_no
  where b.account = ${account} and i.report = ${report} and ${within}`;

const isDay = sql`s.date_from = s.date_to`;
const inside = ({ from, to }: Period) => sql`s.date_from >= ${from}::date and s.date_to <= ${to}::date`;

/**
 * Counts again what an import or its undoing touched: the days of `touched`, or all of the account's. The result is
 * the same as counting everything from nothing. Waits for nothing: the caller holds the lock on imports.
 */
export async function recount(tx: Executor, account: string, touched?: Period): Promise<void> {
  await planForManyRows(tx);
  const range = await rangeOf(tx, account, touched);
  // All of them where everything is counted: an undone import may have been the only one with lines on their days.
  await tx.execute(sql`
    delete from spend_spans s using bids b
    where b.id = s.bid_id and b.account = ${account} and ${touched && range ? inside(range) : sql`true`}`);
  if (range) {
    const rows = await tx.execute<{ report: AdReport }>(
      sql`select distinct report from ad_imports where account = ${account} and undone_at is null`,
    );
    const present = new Set(rows.map(({ report }) => report));
    for (const report of codes(adReport).filter((one) => present.has(one))) {
      await countDays(tx, account, report, range);
      await countSums(tx, account, report, range);
    }
  }
  await sumMonths(tx, account, touched && range);
}

/** The days on which something may count otherwise after the lines of `touched` came or went. */
export const touchedRange = async (tx: Executor, account: string, touched: Period): Promise<Period> =>
  (await rangeOf(tx, account, touched)) ?? touched;

/** The days touched, and those of all sums that overlap them, and so on: within it, all that overlap are together. */
async function rangeOf(tx: Executor, account: string, touched: Period | undefined): Promise<Period | undefined> {
  let range = touched;
  for (;;) {
    const within = range
      ? sql`s.date_from <= ${range.to}::date and s.date_to >= ${range.from}::date and not ${isDay}`
      : sql`true`;
    const [hull] = await tx.execute<{ from: string | null; to: string | null }>(sql`
      select min(date_from)::text as from, max(date_to)::text as to from (
        select s.date_from, s.date_to from ad_spend s join bids b on b.id = s.bid_id where b.account = ${account} and ${within}
        union all
        select s.date_from, s.date_to from search_terms s join bids b on b.id = s.bid_id where b.account = ${account} and ${within}
      ) s`);
    const { from, to } = hull ?? {};
    if (!from || !to) return range;
    if (range && range.from <= from && to <= range.to) return range;
    range = { from: range && range.from < from ? range.from : from, to: range && range.to > to ? range.to : to };
    if (!touched) return range;
  }
}

/**
 * For each campaign of the account the days that reports of a higher rank know: keyword reports speak for the whole
 * account where search terms are concerned, and for their own campaigns where campaign reports are, since
 * there are campaigns without keywords. What names no campaign ("=") speaks of all of them.
 */
function knownOf(account: string, report: AdReport, range: Period): SQL {
  const higher = codes(adReport).slice(0, codes(adReport).indexOf(report));
  const days = higher.map(
    (above) => sql`
      select campaign_key, date_from, date_to from (${linesOf(account, above, sql`${isDay} and ${inside(range)} and s.counted`)}) d
      union all
      select b.campaign_key, s.date_from, s.date_to from spend_spans s join bids b on b.id = s.bid_id
      where b.account = ${account} and s.report = ${above} and s.state <> 'overlapping' and ${inside(range)}`,
  );
  const none = sql`select null::text as campaign_key, null::date as date_from, null::date as date_to where false`;
  return sql`
    select c.campaign_key, range_agg(k.days) as days
    from (select distinct campaign_key from bids where account = ${account}) c
    join (
      select campaign_key, range_agg(daterange(date_from, date_to, '[]')) as days
      from (${sql.join([none, ...days], sql` union all `)}) h group by 1) k
    on ${report === "campaigns" ? sql`k.campaign_key = c.campaign_key or k.campaign_key = '=' or c.campaign_key = '='` : sql`true`}
    group by 1`;
}

/** Marks the lines of single days that count. */
async function countDays(tx: Executor, account: string, report: AdReport, range: Period): Promise<void> {
  await tx.execute(sql`
    with line as (${linesOf(account, report, sql`${isDay} and ${inside(range)}`)}),
    known as (${knownOf(account, report, range)}),
    judged as (
      select id, import_no = max(import_no) over (partition by same_as, date_from)
        and not coalesce(known.days @> line.date_from, false) as counts
      from line left join known using (campaign_key))
    update ${tableOf(report)} s set counted = judged.counts
    from judged where judged.id = s.id and s.counted <> judged.counts`);
}

interface SpanRow extends Record<string, unknown> {
  bid_id: number;
  import_no: number;
  date_from: string;
  date_to: string;
  impressions: string;
  clicks: string;
  cost: string;
  day_impressions: string;
  day_clicks: string;
  day_cost: string;
  day_count: number;
  is_known: boolean;
}

/** Counts the sums over several days: in SQL where a bid has no two that overlap, else by `countSpans`. */
async function countSums(tx: Executor, account: string, report: AdReport, range: Period): Promise<void> {
  const tangled = await tx.execute<SpanRow>(sql`
    with known as materialized (${knownOf(account, report, range)}),
    newest as materialized (
      select distinct on (same_as, date_from, date_to) same_as as bid_id, import_no, date_from, date_to,
        min(campaign_key) as campaign_key, sum(impressions) as impressions, sum(clicks) as clicks, sum(cost) as cost
      from (${linesOf(account, report, sql`not ${isDay} and ${inside(range)}`)}) l
      group by same_as, import_no, date_from, date_to order by same_as, date_from, date_to, import_no desc),
    free as materialized (
      select newest.*, coalesce(date_from <= max(date_to) over (partition by bid_id order by date_from, date_to
        rows between unbounded preceding and 1 preceding), false) as overlaps_before
      from newest left join known using (campaign_key)
      where not coalesce(known.days && daterange(date_from, date_to, '[]'), false)),
    line as materialized (
      ${linesOf(account, report, sql`${isDay} and ${inside(range)} and exists (select from newest)`)}),
    day as (
      select same_as, date_from, sum(impressions) as impressions, sum(clicks) as clicks, sum(cost) as cost
      from line where counted group by 1, 2),
    campaign_days as (
      select campaign_key, range_agg(daterange(date_from, date_from, '[]')) as days
      from (select distinct campaign_key, date_from from line) d group by 1),
    span as (
      select f.bid_id, f.import_no, f.date_from, f.date_to, f.impressions, f.clicks, f.cost,
        coalesce(sum(d.impressions), 0) as day_impressions, coalesce(sum(d.clicks), 0) as day_clicks,
        coalesce(sum(d.cost), 0) as day_cost, count(d.same_as)::int as day_count,
        coalesce(bool_and(c.days @> daterange(f.date_from, f.date_to, '[]')), false) as is_known,
        bool_or(bool_or(f.overlaps_before)) over (partition by f.bid_id) as tangled
      from free f left join day d on d.same_as = f.bid_id and d.date_from between f.date_from and f.date_to
        left join campaign_days c on c.campaign_key = f.campaign_key
      group by f.bid_id, f.import_no, f.date_from, f.date_to, f.impressions, f.clicks, f.cost),
    simple as (
      insert into spend_spans (bid_id, import_no, report, date_from, date_to, state, impressions, clicks, cost,
        clicks_apart, cost_apart, days)
      select bid_id, import_no, ${report}, date_from, date_to, case when is_checked then 'checked' else 'counted' end,
        case when is_checked then 0 else greatest(0, impressions - day_impressions) end,
        case when is_checked then 0 else greatest(0, clicks - day_clicks) end,
        case when is_checked then 0 else greatest(0, cost - day_cost) end,
        case when is_checked then clicks - day_clicks else least(0, clicks - day_clicks) end,
        case when is_checked then cost - day_cost else least(0, cost - day_cost) end, day_count
      from (select *, is_known and day_count > 0 as is_checked from span where not tangled) s)
    select bid_id, import_no, date_from::text, date_to::text, impressions::text, clicks::text, cost::text,
      day_impressions::text, day_clicks::text, day_cost::text, day_count, is_known
    from span where tangled order by bid_id`);
  const byBid = Map.groupBy(tangled, (row) => row.bid_id);
  const counted = [...byBid].flatMap(([bidId, rows]) =>
    countSpans(rows.map(spanOf)).map((span) => ({ bidId, ...span })),
  );
  for (let at = 0; at < counted.length; at += 5000) await insertSpans(tx, report, counted.slice(at, at + 5000));
}

const spanOf = (row: SpanRow): Span => ({
  importNo: row.import_no,
  from: row.date_from,
  to: row.date_to,
  impressions: Number(row.impressions),
  clicks: Number(row.clicks),
  cost: microsFromDatabase(row.cost),
  days: {
    impressions: Number(row.day_impressions),
    clicks: Number(row.day_clicks),
    cost: microsFromDatabase(row.day_cost),
  },
  dayCount: row.day_count,
  isKnownByDay: row.is_known,
});

/** What a sum says more than its days, where it only checks them; less than them, it is wrong in any case. */
const apartOf = <Amount extends number | bigint>(state: string, more: Amount, none: Amount): Amount =>
  state === "checked" || (state === "counted" && more < none) ? more : none;

async function insertSpans(tx: Executor, report: AdReport, spans: (CountedSpan & { bidId: number })[]): Promise<void> {
  const rows = spans.map(({ bidId, span, state, counted }) => ({
    ...{ bid: bidId, no: span.importNo, from: span.from, to: span.to, state, days: span.dayCount },
    ...{ impressions: counted.impressions, clicks: counted.clicks, cost: exactDecimal(counted.cost) },
    clicks_apart: apartOf(state, span.clicks - span.days.clicks, 0),
    cost_apart: exactDecimal(apartOf(state, span.cost - span.days.cost, 0n)),
  }));
  await tx.execute(sql`
    insert into spend_spans (bid_id, import_no, report, date_from, date_to, state, impressions, clicks, cost, clicks_apart,
      cost_apart, days)
    select bid, no, ${report}, "from", "to", state, impressions, clicks, cost, clicks_apart, cost_apart, days
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s(bid integer, no integer, "from" date, "to" date,
      state text, impressions bigint, clicks bigint, cost numeric, clicks_apart bigint, cost_apart numeric, days integer)`);
}

/** Adds up the counted days of the months that `range` touches, or of all. */
async function sumMonths(tx: Executor, account: string, range: Period | undefined): Promise<void> {
  const months = (column: SQL) =>
    range
      ? sql`${column} >= date_trunc('month', ${range.from}::date)::date
          and ${column} < (date_trunc('month', ${range.to}::date) + interval '1 month')::date`
      : sql`true`;
  await tx.execute(sql`
    delete from spend_months m using bids b
    where b.id = m.bid_id and b.account = ${account} and ${months(sql`m.month`)}`);
  for (const table of [sql`ad_spend`, sql`search_terms`])
    await tx.execute(sql`
      insert into spend_months (bid_id, month, report, impressions, clicks, cost)
      select b.same_as, date_trunc('month', s.date_from)::date, i.report, sum(s.impressions), sum(s.clicks), sum(s.cost)
      from ${table} s join bids b on b.id = s.bid_id join ad_imports i on i.no = s.import_no
      where b.account = ${account} and s.counted and ${months(sql`s.date_from`)}
      group by 1, 2, 3`);
}

/**
 * Three years of advertising in a database: clicks, leads and daily cost, by set-based SQL. Foreign keys and triggers
 * on rows are off meanwhile, and what is derived is derived by the product's own functions afterwards.
 */

import { sql } from "drizzle-orm";
import { rollUpLeads } from "#analytics/landings/lead-months.ts";
import { rollUpLandings } from "#analytics/landings/roll-up.ts";
import { findSameBids } from "#analytics/spend/bids.ts";
import { recount } from "#analytics/spend/recount.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { connectAsOwner, type Db, disconnect, transaction } from "#db/client.ts";

/** Days that have cost and landings, keywords in each, and requests, downloads and subscriptions together. */
export const filled = { days: 1096, keywords: 2000, leads: 20_000 };
/** The last day of the three years, in the middle of a month: reports begin and end within months. */
export const lastDay = "2026-11-20";
export const firstDay = dayAfter(lastDay, 1 - filled.days);
const account = "検索";

/** Keyword, ad group and campaign of a number below 2,000; `ids` as exports with the columns of ids have them. */
const bidColumns = sql.raw(`
  (1990000 + n % 40)::text as campaign_id, '岡山_検索_' || n % 40 as campaign,
  (29900000 + n % 400)::text as ad_group_id, '学習支援_' || n % 400 as ad_group,
  (311000000000 + n)::text as keyword_id, '長期入院 子ども 勉強 ' || n as keyword,
  (array['exact', 'phrase', 'broad'])[n % 3 + 1] as match_type`);

/** SQL: the instant at this share of the three years. */
const instantOf = (share: string) =>
  sql.raw(`'${firstDay}T00:00:00+09:00'::timestamptz + ${share} * ${filled.days} * interval '1 day'`);

/** In the order of time, as landings come; a few keywords have most of them. */
const insertClicks = (count: number) => sql`
  insert into clicks (id, landed_at, path, click_key, extras, campaign_id, ad_group_id, target_id, keyword,
    keyword_missing, match_type, device, utm_source, utm_medium, utm_campaign, utm_content, is_ad, crawler, prefetched,
    form_opened_at)
  select uuidv7(at - now()), at, '/', case when is_ad and tagged < 0.7 then 'gclid:' || md5(no::text) end,
    case when kind >= 0.92 and kind < 0.97 then jsonb_build_object('gad_campaignid', campaign_id) else '{}' end,
    case when named then campaign_id end, case when named then ad_group_id end,
    case when named then case when n % 7 = 0 then 'aud-1:' else '' end || 'kwd-' || keyword_id end,
    case when kind < 0.89 then keyword when kind < 0.92 then 'ほかの言葉 ' || n * 3 % 5000 end,
    case when kind >= 0.92 then 'absent' end, case when kind < 0.89 then match_type end, 'm',
    case when not is_ad then 'newsletter' end, case when not is_ad then 'mail' end,
    case when named and tagged < 0.3 then campaign end, case when named and tagged < 0.3 then ad_group end,
    is_ad, odd < 0.02, odd >= 0.02 and odd < 0.03, case when opened < 0.1 then at + interval '1 minute' end
  from (
    select no, n, kind, kind < 0.97 as is_ad, kind < 0.89 as named, tagged, odd, opened,
      ${instantOf(`(no::float / ${count})`)} as at, ${bidColumns}
    from (
      select no, floor(${sql.raw(String(filled.keywords))} * random() ^ 2)::int as n, random() as kind, random() as tagged,
        random() as odd, random() as opened
      from generate_series(0, ${sql.raw(String(count))} - 1) as numbers (no)) as drawn) as landing`;

/** A third are requests for help; four of five came by a click, a few of them long after it. */
const insertLeads = sql`
  create temporary table drawn as
  select no, uuidv7() as lead_id, uuidv7() as case_id, uuidv7() as asked_id,
    (array['consultation', 'download', 'subscription'])[no % 3 + 1] as kind, click.id as click_id,
    coalesce(click.landed_at + 100 * random() ^ 4 * interval '1 day', ${instantOf("random()")}) as received_at,
    sha256(('mail' || (random() * 4500)::int)::bytea) as email, sha256(('phone' || (random() * 4500)::int)::bytea) as phone,
    random() as closed, random() as odd
  from generate_series(1, ${filled.leads}) as numbers (no)
  left join (
    select id, landed_at, row_number() over (order by random()) as no from (
      select id, landed_at from clicks where not crawler and not prefetched order by random()
      limit ${(filled.leads * 4) / 5}) as picked) as click using (no)`;

const fromDrawn = [
  sql`insert into leads (id, kind, channel, reference, received_at, click_id, spam_score)
    select lead_id, kind, 'form', case when kind = 'consultation' then no::text end, received_at, click_id,
      case when odd < 0.05 then 9 else 0 end from drawn`,
  sql`insert into cases (id, state, opened_at) select case_id, case when closed < 0.12 then 'closed' else 'new' end, received_at
    from drawn where kind = 'consultation'`,
  sql`insert into consultations (id, lead_id, case_id, reply_by, reply_by_date, contact, message, email_index, phone_index)
    select asked_id, lead_id, case_id, 'email', received_at::date, decode(repeat('ab', 120), 'hex'),
      decode(repeat('ab', 600), 'hex'), email, case when odd < 0.4 then phone end from drawn where kind = 'consultation'`,
  sql`insert into closures (id, case_id, reason, closed_by, closed_at)
    select uuidv7(), case_id, case when closed < 0.1 then 'not_a_case' else 'test' end, asked_id, received_at
    from drawn where kind = 'consultation' and closed < 0.12`,
  sql`insert into download_grants (id, lead_id, guide_slug, token_hash, email_index, expires_at)
    select asked_id, lead_id, 'guide', sha256(no::text::bytea), email, received_at from drawn where kind = 'download'`,
];

/** One import a month, as it is usual, with a line for each keyword and day. */
const insertCost = [
  sql`insert into ad_imports (id, file_hash, file_name, report, account, currency, period_from, period_to, totals, rows)
    select uuidv7(), m::text, m::date || '.csv', 'keywords', ${account}, 'JPY', greatest(m::date, ${firstDay}::date),
      least((m + interval '1 month')::date - 1, ${lastDay}::date), '{}', 0
    from generate_series(date_trunc('month', ${firstDay}::date), ${lastDay}::date, interval '1 month') as months (m)`,
  sql`insert into bids (account, spelling, campaign_id, campaign, ad_group_id, ad_group, keyword_id, keyword, match_type,
      keyword_key, campaign_key)
    select ${account}, n::text, campaign_id, campaign, ad_group_id, ad_group, keyword_id, keyword, match_type, keyword, ''
    from (select n, ${bidColumns} from generate_series(0, ${filled.keywords} - 1) as numbers (n)) as bid`,
  sql`insert into ad_spend (import_no, bid_id, date_from, date_to, impressions, clicks, cost, conversions, counted)
    select no, bids.id, day::date, day::date, 10 + bids.id % 90, bids.id % 9, (bids.id % 9) * 113.5, 0, true
    from ad_imports, generate_series(period_from::timestamp, period_to, interval '1 day') as days (day), bids`,
];

/** Indexes that are made faster after the rows. */
async function withoutIndexes(owner: Db, tables: string[], fill: () => Promise<void>): Promise<void> {
  const found = await owner.execute<{ name: string; made: string }>(sql`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made from pg_index
    where indrelid::regclass::text in ${tables} and not indisprimary`);
  for (const { name } of found) await owner.execute(sql.raw(`drop index ${name}`));
  await fill();
  for (const { made } of found) await owner.execute(sql.raw(made));
}

/** Fills the migrated database that the pool is connected to, with so many clicks. */
export async function fillReport(clicks: number): Promise<void> {
  const owner = connectAsOwner();
  try {
    await owner.execute(sql`set session_replication_role = replica`);
    await owner.execute(sql`set maintenance_work_mem = '256MB'`);
    await withoutIndexes(owner, ["clicks", "ad_spend"], async () => {
      await owner.execute(insertClicks(clicks));
      await owner.execute(insertLeads);
      for (const statement of [...fromDrawn, ...insertCost]) await owner.execute(statement);
    });
    await owner.execute(sql`vacuum (analyze)`);
    await derive();
    await rollUpLandings(new Date(`${lastDay}T12:00:00+09:00`));
    await rollUpLeads(new Date(`${lastDay}T12:00:00+09:00`));
    await owner.execute(sql`vacuum (analyze)`);
  } finally {
    await disconnect(owner);
  }
}

/** As an import does. */
const derive = () =>
  transaction(async (tx) => {
    await findSameBids(tx, account);
    await recount(tx, account);
  });

/** From now on as if the exports had come without the columns of ids. */
export async function forgetIds(): Promise<void> {
  const owner = connectAsOwner();
  try {
    await owner.execute(sql`update bids set campaign_id = null, ad_group_id = null, keyword_id = null`);
    await derive();
    await owner.execute(sql`vacuum (analyze)`);
  } finally {
    await disconnect(owner);
  }
}

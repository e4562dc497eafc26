/**
 * The rows of the keyword report in DuckDB, exported from PostgreSQL, and the same sums over them: cost by bid,
 * landings by line, leads by line with the first touch. Each is read from the rows, since DuckDB has no sums of months.
 */

import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { sql } from "drizzle-orm";
import { tokenDays } from "#analytics/clicks/token.ts";
import type { Period } from "#analytics/period.ts";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { notCounted } from "#db/terms/cases.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";

const tokyo = (column: string) =>
  `to_char(${column} at time zone 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI:SS.US') as ${column}`;

/** What is exported of each table, with DuckDB's types; times are those of Asia/Tokyo. */
const tables: Record<string, { columns: [name: string, type: string, read?: string][]; from?: string }> = {
  clicks: {
    columns: [
      ["id", "uuid"],
      ["landed_at", "timestamp", tokyo("landed_at")],
      ["form_opened_at", "timestamp", tokyo("form_opened_at")],
      ...["is_ad", "crawler", "prefetched"].map((name): [string, string] => [name, "boolean"]),
      ...["click_key", "campaign_id", "ad_group_id", "target_id", "keyword", "keyword_missing", "match_type"].map(
        (name): [string, string] => [name, "varchar"],
      ),
      ...["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_id"].map((name): [string, string] => [
        name,
        "varchar",
      ]),
      ["gad_campaignid", "varchar", "extras ->> 'gad_campaignid' as gad_campaignid"],
      ["first_id", "uuid"],
    ],
  },
  leads: {
    columns: [
      ["id", "uuid"],
      ["kind", "varchar"],
      ["received_at", "timestamp", tokyo("received_at")],
      ["click_id", "uuid"],
      ["spam_score", "integer"],
    ],
  },
  consultations: {
    columns: [
      ["lead_id", "uuid"],
      ["case_id", "uuid"],
      ["email_index", "varchar", "encode(email_index, 'hex') as email_index"],
      ["phone_index", "varchar", "encode(phone_index, 'hex') as phone_index"],
    ],
  },
  download_grants: {
    columns: [
      ["lead_id", "uuid"],
      ["email_index", "varchar", "encode(email_index, 'hex') as email_index"],
    ],
  },
  cases: {
    columns: [
      ["id", "uuid"],
      ["state", "varchar"],
    ],
  },
  closures: {
    columns: [
      ["case_id", "uuid"],
      ["reason", "varchar"],
      ["reopened_at", "timestamp", tokyo("reopened_at")],
    ],
  },
  ad_spend: {
    columns: [
      ["bid_id", "integer"],
      ["date_from", "date"],
      ["date_to", "date"],
      ["counted", "boolean"],
      ["impressions", "integer"],
      ["clicks", "integer"],
      ["cost", "decimal(20,6)"],
    ],
  },
};

const hasKeyword = `(keyword is not null or regexp_matches(target_id, '(^|:)kwd-[0-9]+(:|$)'))`;
const ofKeyword = (column: string) => `case when is_ad and ${hasKeyword} then ${column} end as ${column}`;
/** The columns of a line, as analytics/landings/lines.ts has them. */
const lineColumns = [
  "is_ad",
  `case when is_ad then case when starts_with(click_key, 'yclid:') or regexp_matches(utm_source, 'yahoo', 'i') then 'Yahoo! 広告'
    when starts_with(click_key, 'msclkid:') or regexp_matches(utm_source, 'bing|microsoft', 'i') then 'Microsoft 広告' end end as platform`,
  "case when is_ad then coalesce(campaign_id, gad_campaignid, utm_id) end as campaign_id",
  ...["ad_group_id", "target_id", "match_type", "utm_campaign", "utm_content"].map(ofKeyword),
  ...["keyword", "keyword_missing"].map((column) => `case when is_ad then ${column} end as ${column}`),
  ...["utm_source", "utm_medium"].map((column) => `case when not is_ad then ${column} end as ${column}`),
].join(", ");

const within = (column: string, { from, to }: Period) => `${column} >= date '${from}' and ${column} < date '${to}' + 1`;
const reach = `interval ${tokenDays} days`;

const cost = ({ from, to }: Period) => `
  select bid_id, sum(impressions), sum(clicks), sum(cost) from ad_spend
  where counted and date_from = date_to and date_from between '${from}' and '${to}' group by bid_id`;

const landings = (period: Period) => `
  select * exclude (form_opened_at), count(*), count(form_opened_at)
  from (select ${lineColumns}, form_opened_at from clicks where not crawler and not prefetched and ${within("landed_at", period)})
  group by all`;

const leads = (period: Period) => `
  with lead as (
    select leads.*, last.id as last_id, last.landed_at, last.first_id, email_index, phone_index,
      spam_score >= ${reviewThreshold} and coalesce(cases.state, 'new') = 'new' as is_doubtful
    from leads left join clicks as last on last.id = click_id and last.landed_at >= received_at - ${reach}
      left join consultations as asked on asked.lead_id = leads.id left join cases on cases.id = case_id
    where ${within("received_at", period)} and not exists (select 1 from closures where closures.case_id = asked.case_id
      and reopened_at is null and reason in (${notCounted.map((reason) => `'${reason}'`).join()}))),
  known as (
    select email_index as who, received_at, click_id from consultations join leads on leads.id = lead_id
    union all select phone_index, received_at, click_id from consultations join leads on leads.id = lead_id
    union all select email_index, received_at, click_id from download_grants join leads on leads.id = lead_id),
  touch as (
    select id, last_id as click_id, received_at from lead where kind = 'consultation'
    union all select lead.id, known.click_id, lead.received_at from lead join known
      on who = email_index and known.received_at < lead.received_at where kind = 'consultation'
    union all select lead.id, known.click_id, lead.received_at from lead join known
      on who = phone_index and known.received_at < lead.received_at where kind = 'consultation'),
  first as (
    select touch.id, arg_min(coalesce(clicks.first_id, clicks.id), clicks.landed_at) as click_id
    from touch join clicks on clicks.id = touch.click_id and landed_at >= received_at - ${reach} group by touch.id),
  counted as (
    select last_id as click_id, kind as what, is_doubtful from lead
    union all select first.click_id, 'first', is_doubtful from lead left join first using (id) where kind = 'consultation')
  select * exclude (click_id, what, is_doubtful), count(*) filter (what = 'download'), count(*) filter (what = 'subscription'),
    count(*) filter (what = 'consultation'), count(*) filter (what = 'consultation' and is_doubtful),
    count(distinct click_id) filter (what = 'consultation' and not is_doubtful), count(*) filter (what = 'first')
  from (select counted.*, ${lineColumns} from counted left join clicks on clicks.id = counted.click_id) group by all`;

export class DuckTwin {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** Of the database that the pool is connected to; its server writes the files into `folder`, on the same machine. */
  static async of(folder: string): Promise<DuckTwin> {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const owner = connectAsOwner();
    for (const [table, { columns }] of Object.entries(tables)) {
      const path = join(folder, `${table}.csv`);
      const read = columns.map(([name, , expression]) => expression ?? name).join(", ");
      await owner.execute(sql.raw(`copy (select ${read} from ${table} order by 1) to '${path}' (format csv)`));
      const types = columns.map(([name, type]) => `'${name}': '${type}'`).join(", ");
      await connection.run(
        `create table ${table} as select * from read_csv('${path}', header = false, columns = {${types}})`,
      );
    }
    await disconnect(owner);
    return new DuckTwin(connection);
  }

  /** The sums of a period, with their rows. */
  async sums(period: Period): Promise<void> {
    for (const statement of [cost, landings, leads])
      (await this.#connection.runAndReadAll(statement(period))).getRows();
  }

  close(): void {
    this.#connection.closeSync();
  }
}

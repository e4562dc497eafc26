/**
 * The advertising parameters by which landings are counted together: a line. Written once, for the rows of `clicks`
 * and for the months that were rolled up.
 */

import { type SQL, sql } from "drizzle-orm";
import { platformSql } from "#analytics/clicks/platform.ts";
import type { Period } from "#analytics/period.ts";

/** SQL, of `clicks`: a person's landing, no crawler and no page that was only fetched ahead. */
export const isCountedLanding = sql`not crawler and not prefetched`;

/**
 * Without a keyword or a keyword id, the other parameters cannot join a landing to a line of cost. Such landings are
 * one line for each campaign.
 */
const hasKeyword = sql`(keyword is not null or target_id ~ '(^|:)kwd-[0-9]+(:|$)')`;

const ofAd = (value: SQL) => sql`case when is_ad then ${value} end`;
const ofKeyword = (column: string) => sql`case when is_ad and ${hasKeyword} then ${sql.raw(column)} end`;
const ofLink = (column: string) => sql`case when not is_ad then ${sql.raw(column)} end`;

const columns = {
  is_ad: sql`clicks.is_ad`,
  platform: ofAd(platformSql),
  campaign_id: ofAd(sql`coalesce(campaign_id, extras ->> 'gad_campaignid', utm_id)`),
  ad_group_id: ofKeyword("ad_group_id"),
  target_id: ofKeyword("target_id"),
  keyword: ofAd(sql`keyword`),
  keyword_missing: ofAd(sql`keyword_missing`),
  match_type: ofKeyword("match_type"),
  utm_campaign: ofKeyword("utm_campaign"),
  utm_content: ofKeyword("utm_content"),
  utm_source: ofLink("utm_source"),
  utm_medium: ofLink("utm_medium"),
};

const names = Object.keys(columns) as (keyof typeof columns)[];

/** A row with the columns of a line. */
export type LineRow = Record<Exclude<keyof typeof columns, "is_ad">, string | null> & { is_ad: boolean | null };

/** SQL, of `clicks`: the columns of its line, under their names. */
export const lineColumns = sql.join(
  names.map((name) => sql`${columns[name]} as ${sql.identifier(name)}`),
  sql`, `,
);

/** SQL: the names of these columns, of a query that selected them and of `landing_lines`. */
export const lineNames = sql.raw(names.join(", "));

/** SQL: the key of a line in `landing_lines`, of a query that selected its columns. */
export const lineKey = sql`md5(jsonb_build_array(${lineNames})::text)::uuid`;

/** SQL: the order of lines, by code unit, which costs a fraction of what a language's order does. */
const lineOrder = sql.raw(names.map((name) => (name === "is_ad" ? name : `${name} collate "C"`)).join(", "));

/** SQL, of `clicks`: by what landings are counted together. */
export interface LineColumns {
  /** Each expression under its name. */
  columns: SQL;
  names: SQL;
  order: SQL;
}

/** By the line. */
export const line: LineColumns = { columns: lineColumns, names: lineNames, order: lineOrder };

/** SQL: a timestamp's column lies on the period's days in Asia/Tokyo. */
export const within = (column: string, { from, to }: Period) =>
  sql`${sql.raw(column)} >= ${from}::date::timestamp at time zone 'Asia/Tokyo'
    and ${sql.raw(column)} < (${to}::date + 1)::timestamp at time zone 'Asia/Tokyo'`;

/** SQL: a timestamp's column lies in one of the periods. */
export const withinAny = (column: string, periods: Period[]) =>
  sql`(${sql.join(
    periods.map((period) => sql`(${within(column, period)})`),
    sql` or `,
  )})`;

/** SQL: in which of the periods, counted from 1, a timestamp lies that lies in one of them. They are ascending. */
export const bucketOf = (column: string, periods: Period[]) =>
  sql`width_bucket(${sql.raw(column)}, array[${sql.join(
    periods.map(({ from }) => sql`${from}::date::timestamp at time zone 'Asia/Tokyo'`),
    sql`, `,
  )}])`;

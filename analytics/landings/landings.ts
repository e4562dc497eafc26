/** Landings and leads of a period, by the advertising parameters they came with. */

import { type SQL, sql } from "drizzle-orm";
import { monthAfter, type Period } from "#analytics/period.ts";
import { keywordIdOf, type Source } from "#analytics/spend/join.ts";
import { inSteps } from "#analytics/steps.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import type { KeywordMissing, MatchType } from "#db/terms/attribution.ts";
import { leadsOf, type WhyNoLine } from "./leads.ts";
import { isLanding, line, type LineColumns, type LineRow, within } from "./lines.ts";
import { rolledMonths } from "./roll-up.ts";

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

export const noCounts: Counts = {
  landings: 0,
  formsOpened: 0,
  downloads: 0,
  subscriptions: 0,
  consultations: 0,
  doubtful: 0,
  people: 0,
  firstConsultations: 0,
};

/** Equal landings together; `source` is absent for leads that no advertisement led to. */
export interface LandingCounts extends Counts {
  source?: Source;
}

/**
 * Landings of the period's days in Asia/Tokyo, and the leads received in it. A lead counts on the day it came,
 * whenever its advertisement was clicked, so that all leads add up.
 */
export async function countLandings(period: Period): Promise<LandingCounts[]> {
  const months = await rolledMonths(period);
  const found = await Promise.all([
    landingsOf(period, months),
    landingsOfMonths(months),
    leadsOf<CountedRow>(period, line),
  ]);
  const counts: LandingCounts[] = [];
  await inSteps<CountedRow>(found.flat(), ({ from, landings, formsOpened, ...row }) => {
    const { downloads, subscriptions, consultations, doubtful, people, firstConsultations, ...columns } = row;
    const leads = { downloads, subscriptions, consultations, doubtful, people, firstConsultations };
    counts.push({ ...noCounts, ...defined({ landings, formsOpened, ...leads }), source: sourceOf(columns, from) });
  });
  return counts;
}

const defined = (counts: Partial<Counts>): Partial<Counts> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));

/** Counts of one line. */
type CountedRow = Record<string, unknown> & LineRow & Partial<Counts> & { from?: WhyNoLine };

/** The landings of the days that no rolled-up month holds, from the rows themselves. */
async function landingsOf(period: Period, months: string[]): Promise<CountedRow[]> {
  const rests = withoutMonths(period, months);
  return rests.length === 0 ? [] : landingsIn<CountedRow>(rests, line);
}

/** The landings of these days, by these columns. */
function landingsIn<Row extends Record<string, unknown>>(periods: Period[], { columns, names, order }: LineColumns) {
  const isIn = sql.join(
    periods.map((period) => sql`(${within("landed_at", period)})`),
    sql` or `,
  );
  return db.execute<Row>(sql`
    select ${names}, count(*)::int as landings, count(form_opened_at)::int as "formsOpened"
    from (select ${columns}, form_opened_at from clicks where ${isLanding} and (${isIn})) as landed
    group by ${names} order by ${order}`);
}

/** The landings of whole months, as they were rolled up. */
async function landingsOfMonths(months: string[]): Promise<CountedRow[]> {
  if (months.length === 0) return [];
  return db.execute<CountedRow>(sql`
    select ${line.names}, landings, "formsOpened" from landing_lines join (
      select line_id, sum(landings)::int as landings, sum(forms_opened)::int as "formsOpened"
      from landing_months where month in (${sql.join(
        months.map((month) => sql`${month}::date`),
        sql`, `,
      )}) group by line_id) as summed on line_id = id
    order by ${line.order}`);
}

/** What landings can be counted by that months are not rolled up by. */
export type LandingPart = "device" | "page";

const parts: Record<LandingPart, SQL> = {
  device: sql`case when device in ('m', 't', 'c') then device end`,
  page: sql`case when not missing_page then path end`,
};

/** Counts by device or by page; `value` is null where the landing does not say (device) or the page is missing. */
export interface PartCounts extends Counts {
  value: string | null;
  /** Absent: a landing. Otherwise leads of a landing longer ago than a token works, or of none. */
  from?: NonNullable<WhyNoLine>;
}

type PartRow = Record<string, unknown> &
  Partial<Counts> &
  Pick<PartCounts, "value"> & { from?: PartCounts["from"] | null };

/** The same landings and leads as `countLandings`, by device ("m", "t", "c") or by page (its path); from the rows. */
export async function countLandingsBy(part: LandingPart, period: Period): Promise<PartCounts[]> {
  const by: LineColumns = { columns: sql`${parts[part]} as value`, names: sql`value`, order: sql`value collate "C"` };
  const found = await Promise.all([landingsIn<PartRow>([period], by), leadsOf<PartRow>(period, by)]);
  const sums = new Map<string, PartCounts>();
  for (const { value, from, ...counts } of found.flat()) {
    const key = JSON.stringify([value, from ?? null]);
    sums.set(key, { ...noCounts, ...sums.get(key), ...defined(counts), value, ...(from ? { from } : {}) });
  }
  return [...sums.values()];
}

/** The days of a period that lie in none of the months (YYYY-MM-01, ascending), as periods. */
function withoutMonths({ from, to }: Period, months: string[]): Period[] {
  const rests: Period[] = [];
  let start = from;
  for (const month of months) {
    if (start < month) rests.push({ from: start, to: dayAfter(month, -1) });
    start = monthAfter(month);
  }
  return start <= to ? [...rests, { from: start, to }] : rests;
}

function sourceOf(row: LineRow, from: CountedRow["from"]): Source | undefined {
  if (from === "elsewhere") return undefined;
  if (from === "older") return { kind: "older" };
  if (row.is_ad === false)
    return { kind: "link", utmSource: row.utm_source ?? undefined, utmMedium: row.utm_medium ?? undefined };
  return {
    platform: row.platform ?? undefined,
    campaignId: row.campaign_id ?? undefined,
    adGroupId: row.ad_group_id ?? undefined,
    keywordId: keywordIdOf(row.target_id),
    keyword: row.keyword ?? undefined,
    keywordMissing: (row.keyword_missing ?? undefined) as KeywordMissing | undefined,
    matchType: (row.match_type ?? undefined) as MatchType | undefined,
    utmCampaign: row.utm_campaign ?? undefined,
    utmContent: row.utm_content ?? undefined,
  };
}

/** Landings and leads of a period, by the advertising parameters they came with. */

import { type SQL, sql } from "drizzle-orm";
import type { Period } from "#analytics/period.ts";
import { keywordIdOf, type Source } from "#analytics/spend/join.ts";
import { inSteps } from "#analytics/steps.ts";
import { db } from "#db/client.ts";
import type { KeywordMissing, MatchType } from "#db/terms/attribution.ts";
import { addCounts, type Counts, countsOf, noCounts } from "./counts.ts";
import { repeatedPeople, rolledLeadMonths } from "./lead-months.ts";
import { leadsOf, type WhyNoLine } from "./leads.ts";
import { isCountedLanding, line, type LineColumns, type LineRow, withinAny } from "./lines.ts";
import { datesOfMonths, wholeMonth, withoutMonths } from "./months.ts";
import { rolledMonths } from "./roll-up.ts";

/** Equal landings together; `source` is absent for leads that no advertisement led to. */
export interface LandingCounts extends Counts {
  source?: Source;
}

/** Counts of one line. */
type CountedRow = Record<string, unknown> & LineRow & Partial<Counts> & { from?: WhyNoLine };

/**
 * Landings of the period's days in Asia/Tokyo, and the leads received in it. A lead counts on the day it came,
 * whenever its advertisement was clicked, so that all leads add up. Several may be of the same line.
 */
export async function countLandings(period: Period): Promise<LandingCounts[]> {
  const [months, leadMonths] = await Promise.all([rolledMonths(period), rolledLeadMonths(period)]);
  const leadRests = withoutMonths(period, leadMonths);
  const leadParts = [...leadMonths.map(wholeMonth), ...leadRests].toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const found: CountedRow[][] = await Promise.all([
    landingsIn<CountedRow>(withoutMonths(period, months), line),
    sumsOfMonths(months, leadMonths),
    leadsOf<CountedRow>(leadRests, line),
    repeatedPeople(leadParts),
  ]);
  const counts: LandingCounts[] = [];
  for (const rows of found)
    await inSteps(rows, (row) => counts.push({ ...countsOf(row), source: landingSource(row, row.from) }));
  return counts;
}

/** The landings of these days, by these columns, from the rows themselves. */
async function landingsIn<Row extends Record<string, unknown>>(
  periods: Period[],
  { columns, names, order }: LineColumns,
) {
  if (periods.length === 0) return [];
  return db.transaction(async (tx) => {
    // The planner takes each landing for a line of its own. With little memory it would sort them all on disk instead
    // of adding them up in a table of lines, which is many times smaller.
    await tx.execute(sql`select set_config('work_mem', '64MB', true)`);
    return tx.execute<Row>(sql`
      select ${names}, count(*)::int as landings, count(form_opened_at)::int as "formsOpened"
      from (select ${columns}, form_opened_at from clicks where ${isCountedLanding} and ${withinAny("landed_at", periods)}) as landed
      group by ${names} order by ${order}`);
  });
}

/** The landings and the leads of whole months, as they were rolled up. */
async function sumsOfMonths(months: string[], leadMonths: string[]): Promise<CountedRow[]> {
  if (months.length === 0 && leadMonths.length === 0) return [];
  return db.execute<CountedRow>(sql`
    select no_line as "from", ${line.names}, landings, "formsOpened", downloads, subscriptions, consultations, doubtful,
      people, "firstConsultations"
    from (
      select line_id, no_line, sum(landings)::int as landings, sum(forms_opened)::int as "formsOpened",
        sum(downloads)::int as downloads, sum(subscriptions)::int as subscriptions,
        sum(consultations)::int as consultations, sum(doubtful)::int as doubtful, sum(people)::int as people,
        sum(first_consultations)::int as "firstConsultations"
      from (
        select line_id, null as no_line, landings, forms_opened, 0 as downloads, 0 as subscriptions, 0 as consultations,
          0 as doubtful, 0 as people, 0 as first_consultations
        from landing_months where month = any (${datesOfMonths(months)})
        union all
        select line_id, no_line, 0, 0, downloads, subscriptions, consultations, doubtful, people, first_consultations
        from lead_months where month = any (${datesOfMonths(leadMonths)})) as rolled
      group by line_id, no_line) as summed
    left join landing_lines on landing_lines.id = line_id
    order by 1, ${line.order}`);
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
  const found: PartRow[][] = await Promise.all([landingsIn<PartRow>([period], by), leadsOf<PartRow>([period], by)]);
  const sums = new Map<string, PartCounts>();
  for (const row of found.flat()) {
    const { value, from } = row;
    const key = JSON.stringify([value, from ?? null]);
    const sum = sums.get(key) ?? { ...noCounts, value, ...(from ? { from } : {}) };
    addCounts(sum, countsOf(row));
    sums.set(key, sum);
  }
  return [...sums.values()];
}

/** What consultations of a period came by, by device ("m", "t", "c"; null: unknown), with their number and nothing else. */
export async function consultationsByDevice(period: Period): Promise<(Pick<PartCounts, "value"> & LandingCounts)[]> {
  const rows = await leadsOf<LineRow & Pick<PartCounts, "value">>([period], {
    columns: sql`${line.columns}, ${parts.device} as value`,
    names: sql`${line.names}, value`,
    order: line.order,
  });
  return rows.flatMap((row) => {
    const { value, consultations, doubtful } = row;
    return consultations > 0
      ? [{ ...noCounts, consultations, doubtful, value, source: landingSource(row, row.from) }]
      : [];
  });
}

/** The parameters of a line; undefined where no advertisement that we know of led to what is counted. */
export function landingSource(row: LineRow, from: WhyNoLine | undefined): Source | undefined {
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

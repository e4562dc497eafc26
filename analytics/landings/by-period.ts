/** Landings and leads of several periods at once, such as the weeks or months of a drawing. */

import { sql } from "drizzle-orm";
import type { Period } from "#analytics/period.ts";
import { db } from "#db/client.ts";
import { addCounts, type Counts, countsOf, noCounts } from "./counts.ts";
import { type LandingCounts, landingSource } from "./landings.ts";
import { rolledLeadMonths } from "./lead-months.ts";
import { leadsOf, type WhyNoLine } from "./leads.ts";
import { bucketOf, isCountedLanding, line, type LineRow, withinAny } from "./lines.ts";
import { datesOfMonths, wholeMonth } from "./months.ts";
import { rolledMonths } from "./roll-up.ts";

export interface PeriodCounts {
  totals: Counts;
  /** What consultations came by, with their number; nothing else that came by it. */
  asked: LandingCounts[];
}

/** Counts of a period, by the place of the period in the list. */
type PlacedRow = Record<string, unknown> & Partial<LineRow> & Partial<Counts> & { at: number; from?: WhyNoLine };

/**
 * The same landings and leads as `countLandings` of each of the periods (ascending, Asia/Tokyo): whole months from
 * their sums where these are true, all else from the rows.
 */
export async function countByPeriod(periods: Period[]): Promise<PeriodCounts[]> {
  const hull = { from: periods[0]?.from ?? "", to: periods.at(-1)?.to ?? "" };
  const [months, leadMonths] = await Promise.all([rolledMonths(hull), rolledLeadMonths(hull)]);
  const [landings, leads] = [places(periods, months), places(periods, leadMonths)];
  const found: PlacedRow[][] = await Promise.all([
    landingSums(landings.rolled),
    landingRows(periods, landings.others),
    leadSums(leads.rolled),
    leadRows(periods, leads.others),
  ]);
  const counts = periods.map((): PeriodCounts => ({ totals: { ...noCounts }, asked: [] }));
  for (const row of found.flat()) {
    const own = countsOf(row);
    const period = counts[row.at];
    if (!period) continue;
    addCounts(period.totals, own);
    const { consultations, doubtful } = own;
    if (consultations > 0)
      period.asked.push({ ...noCounts, consultations, doubtful, source: landingSource(row as LineRow, row.from) });
  }
  return counts;
}

/** Where in the list the periods stand that are one of the months, and where the others. */
function places(periods: Period[], months: string[]): { rolled: Map<string, number>; others: number[] } {
  const ends = new Map(months.map((month) => [month, wholeMonth(month).to]));
  const rolled = new Map<string, number>();
  const others: number[] = [];
  for (const [at, { from, to }] of periods.entries())
    if (ends.get(from) === to) rolled.set(from, at);
    else others.push(at);
  return { rolled, others };
}

async function landingSums(rolled: Map<string, number>): Promise<PlacedRow[]> {
  if (rolled.size === 0) return [];
  const rows = await db.execute<{ month: string; landings: number; formsOpened: number }>(sql`
    select month::text, sum(landings)::int as landings, sum(forms_opened)::int as "formsOpened"
    from landing_months where month = any (${datesOfMonths([...rolled.keys()])}) group by month`);
  return rows.map(({ month, ...counts }) => ({ ...counts, at: rolled.get(month) ?? -1 }));
}

async function landingRows(periods: Period[], others: number[]): Promise<PlacedRow[]> {
  if (others.length === 0) return [];
  const some = others.flatMap((at) => periods[at] ?? []);
  const rows = await db.execute<{ bucket: number; landings: number; formsOpened: number }>(sql`
    select ${bucketOf("landed_at", some)} as bucket, count(*)::int as landings, count(form_opened_at)::int as "formsOpened"
    from clicks where ${isCountedLanding} and ${withinAny("landed_at", some)} group by 1`);
  return rows.map(({ bucket, ...counts }) => ({ ...counts, at: others[bucket - 1] ?? -1 }));
}

/** The lines of consultations one by one, all else of a month in one sum. */
async function leadSums(rolled: Map<string, number>): Promise<PlacedRow[]> {
  if (rolled.size === 0) return [];
  const rows = await db.execute<Record<string, unknown> & LineRow & Counts & { month: string; from: WhyNoLine }>(sql`
    select month::text, no_line as "from", ${line.names}, downloads, subscriptions, consultations, doubtful, people,
      "firstConsultations"
    from (
      select month, case when consultations > 0 then no_line end as no_line,
        case when consultations > 0 then line_id end as line_id, sum(downloads)::int as downloads,
        sum(subscriptions)::int as subscriptions, sum(consultations)::int as consultations,
        sum(doubtful)::int as doubtful, sum(people)::int as people, sum(first_consultations)::int as "firstConsultations"
      from lead_months where month = any (${datesOfMonths([...rolled.keys()])}) group by 1, 2, 3) as summed
    left join landing_lines on landing_lines.id = line_id`);
  return rows.map(({ month, ...row }) => ({ ...row, at: rolled.get(month) ?? -1 }));
}

async function leadRows(periods: Period[], others: number[]): Promise<PlacedRow[]> {
  const rows = await leadsOf<LineRow>(
    others.flatMap((at) => periods[at] ?? []),
    line,
  );
  return rows.map((row) => ({ ...row, at: others[row.bucket - 1] ?? -1 }));
}

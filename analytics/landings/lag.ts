/** How many days lay between a landing and the consultation that came of it. */

import { sql } from "drizzle-orm";
import { tokenDays } from "#analytics/clicks/token.ts";
import type { Period } from "#analytics/period.ts";
import { allow, type Staff } from "#db/actor.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { countedLeads, reach } from "./leads.ts";
import { within } from "./lines.ts";

/** Days from the landing to the consultation: 0 is the same day. Longer ones are no longer tied to their landing (`tokenDays`). */
export const lagSteps = [
  { from: 0, to: 0 },
  { from: 1, to: 1 },
  { from: 2, to: 7 },
  { from: 8, to: 30 },
  { from: 31, to: tokenDays },
] as const;

/** Consultations by the step of `lagSteps` in which they lie. */
export interface LagCounts {
  steps: number[];
  total: number;
}

export interface Lag {
  period: Period;
  /** Consultations received in the period, whenever their landing was. */
  byConsultation: LagCounts;
  /** Of these, the ones that cannot be tied to a landing: of an advertisement too long ago, or of none. */
  older: number;
  elsewhere: number;
  /** Consultations of landings of the period, whenever they were received. */
  byClick: LagCounts;
  /** The last day (YYYY-MM-DD) on which a landing of the period can still lead to a consultation. */
  openUntil: string;
}

type LagRow = Record<"is_older" | "in_period" | "of_period", boolean> & { days: number | null; count: number };

/**
 * Consultations by the days since the landing they came by, the last one before them; calendar days in Asia/Tokyo.
 * Those that nobody has checked yet (doubtful) are left out. For managers and analysts: sums only.
 */
export async function consultationLag(staff: Staff, period: Period): Promise<Lag> {
  allow(staff, "manager", "analyst");
  const openUntil = dayAfter(period.to, tokenDays);
  const rows = await db.execute<LagRow>(sql`
    with lead as materialized (${countedLeads([{ from: period.from, to: openUntil }])})
    select lead.click_id is not null and clicks.id is null as is_older,
      coalesce(${within("lead.received_at", period)}, false) as in_period,
      coalesce(${within("clicks.landed_at", period)}, false) as of_period,
      (lead.received_at at time zone 'Asia/Tokyo')::date - (landed_at at time zone 'Asia/Tokyo')::date as days,
      count(*)::int as count
    from lead left join clicks on clicks.id = lead.click_id and landed_at >= received_at - ${reach}
    where kind = 'consultation' and not is_doubtful group by 1, 2, 3, 4`);
  const inPeriod = rows.filter((row) => row.in_period);
  const untied = inPeriod.filter(({ days }) => days === null);
  return {
    period,
    byConsultation: countSteps(inPeriod),
    older: sum(untied.filter((row) => row.is_older)),
    elsewhere: sum(untied.filter((row) => !row.is_older)),
    byClick: countSteps(rows.filter((row) => row.of_period)),
    openUntil,
  };
}

const sum = (rows: LagRow[]): number => rows.reduce((total, { count }) => total + count, 0);

function countSteps(rows: LagRow[]): LagCounts {
  const steps = lagSteps.map(({ from, to }) =>
    sum(rows.filter(({ days }) => days !== null && days >= from && days <= to)),
  );
  return { steps, total: steps.reduce((total, count) => total + count, 0) };
}

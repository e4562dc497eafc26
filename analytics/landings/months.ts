/** Periods and the whole months in them. */

import { sql } from "drizzle-orm";
import { monthAfter, type Period } from "#analytics/period.ts";
import { dayAfter } from "#db/calendar/days.ts";

/** The days of a month (YYYY-MM-01). */
export const wholeMonth = (month: string): Period => ({ from: month, to: dayAfter(monthAfter(month), -1) });

/** The days of a period that lie in none of the months (YYYY-MM-01, ascending), as periods. */
export function withoutMonths({ from, to }: Period, months: string[]): Period[] {
  const rests: Period[] = [];
  let start = from;
  for (const month of months) {
    if (start < month) rests.push({ from: start, to: dayAfter(month, -1) });
    start = monthAfter(month);
  }
  return start <= to ? [...rests, { from: start, to }] : rests;
}

/** SQL: a list of months, YYYY-MM-01. */
export const datesOfMonths = (months: string[]) =>
  sql`array[${sql.join(
    months.map((month) => sql`${month}::date`),
    sql`, `,
  )}]::date[]`;

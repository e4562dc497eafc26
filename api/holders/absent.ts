/** Who is away on a day, and who gets their reminders and notices meanwhile. Days are YYYY-MM-DD in Asia/Tokyo. */

import { and, eq, gte, inArray, isNull, lte, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { absences } from "#db/schema/absences.ts";
import { staff as people } from "#db/schema/staff.ts";

export interface Absent {
  /** The last day. */
  until: string;
  standIn: { id: string; name: string };
}

/** Who of these people is away on the day, by their id. */
export async function absentOn(tx: Executor, day: string, ids: readonly string[]): Promise<Map<string, Absent>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: absences.staffId, until: absences.untilDay, standIn: { id: people.id, name: people.name } })
    .from(absences)
    .innerJoin(people, eq(people.id, absences.standInId))
    .where(
      and(
        inArray(absences.staffId, [...ids]),
        isNull(absences.cancelledAt),
        lte(absences.fromDay, day),
        gte(absences.untilDay, day),
      ),
    );
  return new Map(rows.map(({ id, ...absent }) => [id, absent]));
}

/**
 * SQL: who acts for this person on the day: their stand-in on days of absence, otherwise themselves, and themselves
 * too when the stand-in has left or is away on that day, so that nothing goes to somebody who does not look. Null for
 * null.
 */
export const actingFor = (staffId: SQLWrapper, day: string): SQL<string | null> => sql<string | null>`coalesce((
  select stand_in.id from ${absences} away join ${people} stand_in on stand_in.id = away.stand_in_id
  where away.staff_id = ${staffId} and away.cancelled_at is null and ${day}::date between away.from_day and away.until_day
    and stand_in.disabled_at is null and not exists (
      select 1 from ${absences} too where too.staff_id = stand_in.id and too.cancelled_at is null
        and ${day}::date between too.from_day and too.until_day)
  limit 1), ${staffId})`;

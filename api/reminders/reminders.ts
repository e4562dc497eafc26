/** Reminders as the lists and the page of a case read them. */

import { and, asc, eq, inArray, isNull, lte, type SQL, sql } from "drizzle-orm";
import { isNotErased, visibleTo } from "#api/case-access/visible.ts";
import { actingFor } from "#api/holders/absent.ts";
import { responsibleOf } from "#api/holders/responsible.ts";
import { audit, type Staff } from "#db/actor.ts";
import { db, type Executor, transaction } from "#db/client.ts";
import { assignments, cases } from "#db/schema/cases.ts";
import { reminders } from "#db/schema/reminders.ts";
import { staff as people } from "#db/schema/staff.ts";
import { unseal, unwrap } from "#db/vault/vault.ts";

/** SQL: neither done nor made void by the family. The partial index `reminders_open` has this condition. */
export const isOpenReminder = and(isNull(reminders.doneAt), isNull(reminders.silencedAt));

export interface Reminder {
  id: string;
  caseId: string;
  /** The entry that it was written with. */
  entryId: string | null;
  /** What is to be done; "" of an erased case. */
  what: string;
  /** YYYY-MM-DD, Asia/Tokyo. */
  dueDay: string;
  writtenAt: Date;
  doneAt: Date | null;
  silencedAt: Date | null;
  /** Whose it is on `today`; null where nobody holds the case. */
  owner: { id: string; name: string } | null;
}

/**
 * SQL: whose the reminder of the row is on the day: the person that it names, unless they left or are a peer who does not
 * help in the case (any more) and so could not open it; otherwise whoever is responsible for its case then. On days of
 * absence their stand-in.
 */
export const ownerOn = (today: string): SQL<string | null> =>
  actingFor(
    sql`coalesce((select named.id from ${people} named where named.id = ${reminders.staffId} and named.disabled_at is null
        and (named.role <> 'peer' or exists (select 1 from ${assignments} helps where helps.case_id = ${reminders.caseId}
          and helps.staff_id = named.id and helps.ended_at is null))),
      ${responsibleOf(reminders.caseId)})`,
    today,
  );

/**
 * The open reminders whose day has come, oldest day first, in cases that this member of staff may see, closed ones too.
 * With `mine` only those that are theirs on `today` (YYYY-MM-DD, Asia/Tokyo), and those that are nobody's. Reads the
 * open reminders alone. Opens the words, so the look is audited, one row a list.
 */
export async function remindersDue(staff: Staff, today: string, { mine = false } = {}): Promise<Reminder[]> {
  const owner = ownerOn(today);
  return transaction(async (tx) => {
    const found = await read(
      tx,
      and(
        readableBy(staff, today),
        isNotErased,
        isOpenReminder,
        lte(reminders.dueDay, today),
        mine ? sql`coalesce(${owner}, ${staff.id}::uuid) = ${staff.id}::uuid` : undefined,
      ),
      today,
    );
    if (found.length > 0) await audit(tx, staff, "view", "reminder", null, { count: found.length });
    return found;
  });
}

/**
 * The reminders of one case by their day, done and silenced ones too. Throws Forbidden for a role that sees no case; of
 * a case that this member of staff may not see there are none.
 */
export async function remindersOf(staff: Staff, caseId: string, today: string, tx: Executor = db): Promise<Reminder[]> {
  return read(tx, and(readableBy(staff, today), eq(reminders.caseId, caseId)), today);
}

/**
 * SQL: one row for each case with an open reminder whose day has come: `case_id`, the earliest day (`day`), and whether
 * one of them is this person's on `today` (`is_mine`). For lists that sort before they open words; reads the open
 * reminders alone.
 */
export const dueReminders = (today: string, staffId: string): SQL => sql`
  select ${reminders.caseId} as case_id, min(${reminders.dueDay}) as day,
    coalesce(bool_or(${ownerOn(today)} = ${staffId}::uuid), false) as is_mine
  from ${reminders} where ${isOpenReminder} and ${reminders.dueDay} <= ${today}::date group by ${reminders.caseId}`;

/** The open reminders of these cases whose day has come, by case, earliest first. As `remindersOf` otherwise. */
export async function dueRemindersAmong(
  staff: Staff,
  ids: readonly string[],
  today: string,
  tx: Executor = db,
): Promise<Map<string, Reminder[]>> {
  const found = await read(
    tx,
    and(
      readableBy(staff, today),
      isNotErased,
      inArray(reminders.caseId, [...ids]),
      isOpenReminder,
      lte(reminders.dueDay, today),
    ),
    today,
  );
  return Map.groupBy(found, ({ caseId }) => caseId);
}

/**
 * SQL: the reminders that this member of staff may read. Peers read theirs and those that they wrote: what is to be done
 * next says much of a family.
 */
export const readableBy = (staff: Staff, today: string): SQL | undefined =>
  and(
    visibleTo(staff),
    staff.role === "peer"
      ? sql`(${ownerOn(today)} = ${staff.id}::uuid or ${reminders.writtenBy} = ${staff.id}::uuid)`
      : undefined,
  );

async function read(tx: Executor, where: SQL | undefined, today: string): Promise<Reminder[]> {
  const rows = await tx
    .select({
      reminder: reminders,
      wrappedKey: cases.wrappedKey,
      ownerId: sql<string | null>`owner.id`,
      ownerName: sql<string | null>`owner.name`,
    })
    .from(reminders)
    .innerJoin(cases, eq(cases.id, reminders.caseId))
    .leftJoin(sql`${people} owner`, sql`owner.id = ${ownerOn(today)}`)
    .where(where)
    .orderBy(asc(reminders.dueDay), asc(reminders.id));
  return rows.map(({ reminder, wrappedKey, ownerId, ownerName }) => ({
    id: reminder.id,
    caseId: reminder.caseId,
    entryId: reminder.entryId,
    what: wrappedKey
      ? unseal(unwrap(wrappedKey, "cases.wrapped_key", reminder.caseId), reminder.body, "reminders.body", reminder.id)
      : "",
    dueDay: reminder.dueDay,
    writtenAt: reminder.writtenAt,
    doneAt: reminder.doneAt,
    silencedAt: reminder.silencedAt,
    owner: ownerId === null || ownerName === null ? null : { id: ownerId, name: ownerName },
  }));
}

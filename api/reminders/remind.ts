/** Writing down what is to be done next in a case, and finishing it. */

import { and, eq } from "drizzle-orm";
import { lockCase } from "#api/case-access/lock.ts";
import { caseRoles } from "#api/case-access/visible.ts";
import { activePerson } from "#api/cases/assign.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, Invalid, Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { reminders } from "#db/schema/reminders.ts";
import { type CaseKey, seal, unwrap } from "#db/vault/vault.ts";
import type { JournalForm, ReminderForm } from "./forms.ts";
import { isOpenReminder, readableBy } from "./reminders.ts";

/** How many days ahead a reminder may lie: two years. */
const mostDays = 731;

/**
 * Writes a reminder down; its words are sealed with the key of the case. It comes up on the day `form.on`, from midnight
 * in Asia/Tokyo, for `form.who`, or without one for whoever is responsible for the case then. Returns its id.
 * Throws Invalid for a day in the past or beyond two years, and for somebody who does not work on cases.
 */
export async function remind(staff: Staff, caseId: string, form: ReminderForm, now = new Date()): Promise<string> {
  allow(staff, ...caseRoles);
  return transaction(async (tx) => {
    const found = await lockCase(tx, staff, caseId);
    const key = unwrap(found.wrappedKey, "cases.wrapped_key", caseId);
    return insertReminder(tx, staff, { caseId, key, entryId: null }, form, now);
  });
}

/**
 * An entry of the journal, together with the reminder of the next step where the form has one: both are written, or
 * neither. Errors of the reminder stand at `next_on` and `next_who`. Otherwise as `addEntry`.
 */
export async function addEntryAndReminder(
  staff: Staff,
  caseId: string,
  { next_what: what, next_on: on, next_who: who, ...entry }: JournalForm,
  now = new Date(),
): Promise<string> {
  return addEntry(staff, caseId, entry, now, async (tx, { id: entryId, key }) => {
    if (what === undefined || on === undefined) return;
    await insertReminder(tx, staff, { caseId, key, entryId }, { what, on, who }, now, "next_");
  });
}

/** Inside the caller's transaction, which has locked the case. `prefix` stands before the fields of its errors. */
export async function insertReminder(
  tx: Executor,
  staff: Pick<Staff, "id">,
  { caseId, key, entryId }: { caseId: string; key: CaseKey; entryId: string | null },
  { what, on, who }: ReminderForm,
  now: Date,
  prefix = "",
): Promise<string> {
  const today = dayOf(now);
  if (on < today) throw new Invalid({ [`${prefix}on`]: "過ぎた日です。きょうから先の日を選んでください。" });
  if (on > dayAfter(today, mostDays))
    throw new Invalid({ [`${prefix}on`]: "2年より先の日です。日付を確認してください。" });
  if (who !== undefined) await refuseStranger(tx, who, `${prefix}who`);
  const id = newId();
  await tx.insert(reminders).values({
    id,
    caseId,
    entryId,
    body: seal(key, what, "reminders.body", id),
    dueDay: on,
    staffId: who ?? null,
    writtenBy: staff.id,
    writtenAt: now,
  });
  await audit(tx, staff, "write", "reminder", id, { case: caseId, day: on });
  return id;
}

async function refuseStranger(tx: Executor, id: string, field: string): Promise<void> {
  const person = await activePerson(tx, id).catch(() => undefined);
  if (person === undefined || !caseRoles.includes(person.role))
    throw new Invalid({ [field]: "この人には頼めません。選び直してください。" });
}

/**
 * The reminder was done. Done twice is the same success. Throws NotFound for one that is not of this case or that this
 * member of staff may not read (a peer: a colleague's), Refused when the family's words have made it void.
 */
export async function finishReminder(staff: Staff, caseId: string, id: string, now = new Date()): Promise<void> {
  allow(staff, ...caseRoles);
  await transaction(async (tx) => {
    await lockCase(tx, staff, caseId);
    const found = firstOrNotFound(
      await tx
        .select({ doneAt: reminders.doneAt, silencedAt: reminders.silencedAt })
        .from(reminders)
        .innerJoin(cases, eq(cases.id, reminders.caseId))
        .where(and(eq(reminders.id, id), eq(reminders.caseId, caseId), readableBy(staff, dayOf(now)))),
    );
    if (found.doneAt !== null) return;
    if (found.silencedAt !== null)
      throw new Refused("ご家族から書き足しが届いたため、この予定は取り下げられています。");
    await finishOpenReminder(tx, staff, { caseId, id }, now);
  });
}

/** Inside the caller's transaction, which has locked the case: the reminder is done, unless it is no longer open. */
export async function finishOpenReminder(
  tx: Executor,
  staff: Pick<Staff, "id">,
  { caseId, id }: { caseId: string; id: string },
  now: Date,
): Promise<void> {
  const done = await tx
    .update(reminders)
    .set({ doneAt: now, doneBy: staff.id })
    .where(and(eq(reminders.id, id), eq(reminders.caseId, caseId), isOpenReminder))
    .returning({ id: reminders.id });
  if (done.length > 0) await audit(tx, staff, "finish", "reminder", id, { case: caseId });
}

/** The family wrote: what was to be done before that comes up no more. Call it in the transaction that stores the words. */
export async function silenceReminders(tx: Executor, caseId: string, now: Date): Promise<void> {
  const silenced = await tx
    .update(reminders)
    .set({ silencedAt: now })
    .where(and(eq(reminders.caseId, caseId), isOpenReminder))
    .returning({ id: reminders.id });
  for (const { id } of silenced) await audit(tx, null, "silence", "reminder", id, { case: caseId });
}

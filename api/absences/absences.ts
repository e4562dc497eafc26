/** Days on which somebody is away, and who stands in. Entered by the person themselves, or for them by a manager. */

import { and, asc, eq, gte, inArray, isNull, lte, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import { db, type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, Invalid, NotFound } from "#db/errors.ts";
import { isId, newId } from "#db/random/ids.ts";
import { absences } from "#db/schema/absences.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import type { AbsenceForm } from "./forms.ts";

/** Who may stand in: they see every case and answer families. */
const standInRoles: Role[] = ["manager", "coordinator"];

/** How far ahead an absence may end, in days: two years. */
const mostDays = 731;

/** Throws Forbidden for somebody who is neither the person themselves nor a manager. */
function allowFor(staff: Staff, personId: string): void {
  if (staff.id !== personId) allow(staff, "manager");
  else allow(staff, "manager", "coordinator", "peer");
}

/** The absences of a person that are not over on `today` (YYYY-MM-DD, Asia/Tokyo), the next one first. */
export async function absencesOf(staff: Staff, personId: string, today: string) {
  allowFor(staff, personId);
  return db
    .select({ id: absences.id, from: absences.fromDay, until: absences.untilDay, standIn: people.name })
    .from(absences)
    .innerJoin(people, eq(people.id, absences.standInId))
    .where(and(eq(absences.staffId, personId), isNull(absences.cancelledAt), gte(absences.untilDay, today)))
    .orderBy(asc(absences.fromDay));
}

/** Who may stand in for this person, by name. */
export async function standInsFor(staff: Staff, personId: string) {
  allowFor(staff, personId);
  return db
    .select({ id: people.id, name: people.name })
    .from(people)
    .where(and(isNull(people.disabledAt), inArray(people.role, standInRoles), sql`${people.id} <> ${personId}`))
    .orderBy(asc(people.name));
}

/**
 * A person is away from `form.from` to `form.until`, both days included: it shows on their cases, and their reminders
 * and notices go to `form.stand_in` on those days. The cases stay theirs. Returns its id. Throws NotFound for
 * somebody unknown or disabled; Invalid at `until` when it is over or beyond two years, at `from` when it overlaps
 * another absence of theirs, and at `stand_in` for somebody who does not answer families, or who is away as well.
 */
export async function enterAbsence(
  staff: Staff,
  personId: string,
  { from, until, stand_in: standInId }: AbsenceForm,
  now = new Date(),
): Promise<string> {
  allowFor(staff, personId);
  if (!isId(personId)) throw new NotFound("staff");
  const today = dayOf(now);
  if (until < today) throw new Invalid({ until: "過ぎた日です。日付を確認してください。" });
  if (until > dayAfter(today, mostDays)) throw new Invalid({ until: "2年より先の日です。日付を確認してください。" });
  return transaction(async (tx) => {
    // Both rows are locked, in one order, so that two absences entered at once cannot overlap or stand in for each other.
    const locked = await tx
      .select({ id: people.id, role: people.role })
      .from(people)
      .where(and(inArray(people.id, [personId, standInId]), isNull(people.disabledAt)))
      .orderBy(asc(people.id))
      .for("update");
    firstOrNotFound(locked.filter(({ id }) => id === personId));
    const standIn = locked.find(({ id }) => id === standInId && id !== personId);
    if (standIn === undefined || !standInRoles.includes(standIn.role))
      throw new Invalid({ stand_in: "この人は代わりになれません。選び直してください。" });
    if (await isAway(tx, personId, from, until))
      throw new Invalid({ from: "ほかの不在の日と重なっています。先にそちらを取り消してください。" });
    if (await isAway(tx, standInId, from, until))
      throw new Invalid({ stand_in: "この人も、そのあいだに不在の日があります。ほかの人を選んでください。" });
    const id = newId();
    await tx.insert(absences).values({
      id,
      staffId: personId,
      fromDay: from,
      untilDay: until,
      standInId,
      enteredBy: staff.id,
      enteredAt: now,
    });
    await audit(tx, staff, "enter", "absence", id, { staff: personId, from, until, stand_in: standInId });
    return id;
  });
}

/** Whether the person is away on any of these days. */
async function isAway(tx: Executor, id: string, from: string, until: string): Promise<boolean> {
  const [found] = await tx
    .select({ id: absences.id })
    .from(absences)
    .where(
      and(
        eq(absences.staffId, id),
        isNull(absences.cancelledAt),
        lte(absences.fromDay, until),
        gte(absences.untilDay, from),
      ),
    )
    .limit(1);
  return found !== undefined;
}

/** Calls an absence off, also one that has begun. Done twice is the same success. Throws NotFound when it is not this person's. */
export async function cancelAbsence(staff: Staff, personId: string, id: string, now = new Date()): Promise<void> {
  allowFor(staff, personId);
  if (!isId(id) || !isId(personId)) throw new NotFound("absence");
  await transaction(async (tx) => {
    const found = firstOrNotFound(
      await tx
        .select({ cancelledAt: absences.cancelledAt })
        .from(absences)
        .where(and(eq(absences.id, id), eq(absences.staffId, personId)))
        .for("update"),
    );
    if (found.cancelledAt !== null) return;
    await tx.update(absences).set({ cancelledAt: now }).where(eq(absences.id, id));
    await audit(tx, staff, "cancel", "absence", id, { staff: personId });
  });
}

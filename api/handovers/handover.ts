/** What the page for handing a case over shows. */

import { and, asc, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { responsibleRoles } from "#api/cases/assign.ts";
import { absentOn } from "#api/holders/absent.ts";
import { holdersIn } from "#api/holders/responsible.ts";
import { owedInCase } from "#api/promises/owed.ts";
import { sideNoteOf } from "#api/side-notes/side-notes.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db, type Executor } from "#db/client.ts";
import { firstOrNotFound, NotFound } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { reminders } from "#db/schema/reminders.ts";
import { staff as people } from "#db/schema/staff.ts";
import { unwrap } from "#db/vault/vault.ts";

/**
 * Who has the case, who could get it, and what goes along with it: what is owed, how many open reminders, and what every
 * reader must know, the only sealed words here; reading them is audited. Throws NotFound for an unknown case and for an
 * erased one, in which nothing is left to hand over.
 */
export async function handoverOf(staff: Staff, id: string, now = new Date()) {
  allow(staff, ...responsibleRoles);
  if (!isId(id)) throw new NotFound("case");
  const today = dayOf(now);
  const { wrappedKey, ...found } = firstOrNotFound(
    await db
      .select({ id: cases.id, version: cases.version, wrappedKey: cases.wrappedKey, reference: leads.reference })
      .from(cases)
      .innerJoin(consultations, eq(consultations.caseId, cases.id))
      .innerJoin(leads, eq(leads.id, consultations.leadId))
      .where(eq(cases.id, id))
      .orderBy(desc(leads.receivedAt))
      .limit(1),
  );
  if (wrappedKey === null) throw new NotFound("case");
  const key = unwrap(wrappedKey, "cases.wrapped_key", id);
  const { responsible } = await holdersIn(db, id, today);
  const sideNote = await sideNoteOf(db, id, key);
  if (sideNote.text !== "") await audit(db, staff, "view", "case", id, { side_note: true });
  const open = and(
    eq(reminders.caseId, id),
    isNull(reminders.staffId),
    isNull(reminders.doneAt),
    isNull(reminders.silencedAt),
  );
  return {
    ...found,
    reference: found.reference ?? "",
    responsible,
    sideNote,
    receivers: (await receiversOn(db, today)).filter((person) => person.id !== responsible?.staffId),
    owed: await owedInCase(db, id, now),
    remindersLeft: await db.$count(reminders, open),
  };
}

/** Who can be responsible, by name, with the last day of an absence that covers `today` (YYYY-MM-DD, Asia/Tokyo). */
async function receiversOn(tx: Executor, today: string) {
  const rows = await tx
    .select({ id: people.id, name: people.name })
    .from(people)
    .where(and(isNull(people.disabledAt), inArray(people.role, [...responsibleRoles])))
    .orderBy(asc(people.name), sql`${people.id}`);
  const absent = await absentOn(
    tx,
    today,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({ ...row, absentUntil: absent.get(row.id)?.until ?? null }));
}

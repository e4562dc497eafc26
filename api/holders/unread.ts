/** What each person has not read yet: the words of a family, and a case that came to them. */

import { and, inArray, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import type { Executor } from "#db/client.ts";
import { assignments, caseReads, cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { messages } from "#db/schema/messages.ts";
import { responsibleOf } from "./responsible.ts";

/**
 * Notes that this person has read a case up to `upTo`: the newest thing that their page showed, not the moment at which
 * it was opened. A message that is committed while the page is made stays unread. A mark never moves back.
 */
export async function markCaseRead(tx: Executor, staff: Pick<Staff, "id">, caseId: string, upTo: Date): Promise<void> {
  await tx
    .insert(caseReads)
    .values({ caseId, staffId: staff.id, readAt: upTo })
    .onConflictDoUpdate({
      target: [caseReads.caseId, caseReads.staffId],
      set: { readAt: sql`greatest(${caseReads.readAt}, excluded.read_at)` },
    });
}

/**
 * SQL: when the family of the case of the row of `cases` wrote last: its request, or an addition. The request's lead is
 * looked up by a scalar subquery, by its id: as a join the planner reads all leads for each case.
 */
export const familyWroteAt: SQL = sql`greatest(
  (select max((select lead.received_at from ${leads} lead where lead.id = asked.lead_id)) from ${consultations} asked
    where asked.case_id = ${cases.id}),
  (select max(added.written_at) from ${messages} added where added.case_id = ${cases.id} and added.staff_id is null))`;

/** SQL: when somebody else gave or handed the case of the row of `cases` to this person, as far as they still hold it. */
const givenAt = (staffId: SQLWrapper) => sql`(
  select max(given.assigned_at) from ${assignments} given
  where given.case_id = ${cases.id} and given.staff_id = ${staffId} and given.ended_at is null
    and given.assigned_by <> given.staff_id)`;

/** SQL: in the case of the row of `cases` stands something that this person has not read. For the dot of a list. */
export const isUnreadBy = (staffId: SQLWrapper): SQL<boolean> => sql<boolean>`(coalesce(
  greatest(${familyWroteAt}, ${givenAt(staffId)}) > (
    select mark.read_at from ${caseReads} mark where mark.case_id = ${cases.id} and mark.staff_id = ${staffId}),
  true))`;

/**
 * SQL: words of the family in the case of the row of `cases` wait to be read: by who is responsible, or where nobody is,
 * by anybody. For the group ご家族から. Give it together with a condition that keeps to cases in work: it looks up
 * each case's rows by index.
 */
export const waitsToBeRead: SQL<boolean> = sql<boolean>`(not exists (
  select 1 from ${caseReads} mark where mark.case_id = ${cases.id} and mark.read_at >= ${familyWroteAt}
    and mark.staff_id = coalesce(${responsibleOf(cases.id)}, mark.staff_id)))`;

/** Which of these cases have something that this person has not read. */
export async function unreadAmong(
  tx: Executor,
  staff: Pick<Staff, "id">,
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await tx
    .select({ id: cases.id })
    .from(cases)
    .where(and(inArray(cases.id, [...ids]), isUnreadBy(sql`${staff.id}::uuid`)));
  return new Set(rows.map(({ id }) => id));
}

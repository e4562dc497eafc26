/** The cases of somebody who leaves: each goes to another person, or to nobody, who then finds it under 担当なし. */

import { and, asc, eq, ne, sql } from "drizzle-orm";
import { lockCase, setState } from "#api/case-access/lock.ts";
import { isNotErased } from "#api/case-access/visible.ts";
import { endResponsible } from "#api/cases/assign.ts";
import { responsibleOf } from "#api/holders/responsible.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { handOverIn } from "./hand-over.ts";

/** Case id → who gets it; null: nobody yet. */
export type Successors = ReadonlyMap<string, string | null>;

/** The cases in work for which this person is responsible, oldest first. For managers, who disable staff. */
export async function casesInWorkOf(staff: Staff, staffId: string, tx: Executor = db) {
  allow(staff, "manager");
  return tx
    .select({ id: cases.id, reference: sql<string | null>`min(${leads.reference})`, state: cases.state })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(and(ne(cases.state, "closed"), isNotErased, eq(responsibleOf(cases.id), staffId)))
    .groupBy(cases.id)
    .orderBy(asc(cases.id));
}

/**
 * Passes on every case in work of a person who leaves, inside the caller's transaction. Throws Refused, naming the
 * references, when a case is not in `to`; what that means for each is for a person to decide. Closed cases stay:
 * nobody has to do anything in them.
 */
export async function passOnCases(
  tx: Executor,
  staff: Staff,
  leaver: { id: string; name: string },
  to: Successors,
  now: Date,
): Promise<void> {
  const held = await casesInWorkOf(staff, leaver.id, tx);
  const undecided = held.filter(({ id }) => !to.has(id)).map(({ reference }) => reference);
  if (undecided.length > 0)
    throw new Refused(
      `${leaver.name}さんが担当している相談があります（${undecided.join("、")}）。それぞれをだれに引き継ぐか、先に選んでください。`,
    );
  for (const { id } of held) {
    const successor = to.get(id) ?? null;
    if (successor === leaver.id) throw new Refused("停止する本人には引き継げません。選び直してください。");
    if (successor === null) await leaveToNobody(tx, staff, id, leaver.id, now);
    else await handOverIn(tx, staff, id, { to: successor, note: `${leaver.name}さんの停止にともなう引き継ぎ` }, now);
  }
}

async function leaveToNobody(tx: Executor, staff: Staff, id: string, leaverId: string, now: Date): Promise<void> {
  const found = await lockCase(tx, staff, id);
  await endResponsible(tx, id, now);
  await setState(tx, id, found.state);
  await audit(tx, staff, "unassign", "case", id, { from: leaverId });
}

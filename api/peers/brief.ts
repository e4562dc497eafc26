/** The brief of a case: what a peer who helps in it is to know before a visit, as a coordinator wrote it. */

import { asc, eq } from "drizzle-orm";
import { peersIn } from "#api/holders/peers.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { db, type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, NotFound } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { briefs } from "#db/schema/briefs.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { staff as people } from "#db/schema/staff.ts";
import { type CaseKey, unseal, unwrap } from "#db/vault/vault.ts";

export interface Brief {
  /** New with every writing. */
  id: string;
  text: string;
  writtenAt: Date;
  /** Name of who wrote it. */
  by: string;
}

/** The brief of a case, opened; null where none is written. */
export async function briefIn(tx: Executor, caseId: string, key: CaseKey): Promise<Brief | null> {
  const [row] = await tx
    .select({ id: briefs.id, body: briefs.body, writtenAt: briefs.writtenAt, by: people.name })
    .from(briefs)
    .innerJoin(people, eq(people.id, briefs.writtenBy))
    .where(eq(briefs.caseId, caseId));
  if (row === undefined) return null;
  const { body, ...rest } = row;
  return { ...rest, text: unseal(key, body, "briefs.body", row.id) };
}

/**
 * What the page of the brief shows to managers and coordinators: the text, and the names of the peers who read it. The
 * view is audited. Throws NotFound for an unknown case and for an erased one.
 */
export async function openBrief(staff: Staff, caseId: string) {
  allow(staff, "manager", "coordinator");
  if (!isId(caseId)) throw new NotFound("case");
  return transaction(async (tx) => {
    const { wrappedKey, reference } = firstOrNotFound(
      await tx
        .select({ wrappedKey: cases.wrappedKey, reference: leads.reference })
        .from(cases)
        .innerJoin(consultations, eq(consultations.caseId, cases.id))
        .innerJoin(leads, eq(leads.id, consultations.leadId))
        .where(eq(cases.id, caseId))
        .orderBy(asc(leads.receivedAt))
        .limit(1),
    );
    if (wrappedKey === null) throw new NotFound("case");
    await audit(tx, staff, "view", "case", caseId, { part: "brief" });
    return {
      id: caseId,
      reference: reference ?? "",
      brief: await briefIn(tx, caseId, unwrap(wrappedKey, "cases.wrapped_key", caseId)),
      peers: (await peersIn(tx, caseId)).map(({ name }) => name),
    };
  });
}

/**
 * What the page of a case shows beside the timeline, after `openCase` has audited the view: the text, and the names of the
 * peers who read it. For managers and coordinators. Nothing of an erased case.
 */
export async function briefBeside(staff: Staff, caseId: string): Promise<{ brief: Brief | null; peers: string[] }> {
  allow(staff, "manager", "coordinator");
  const [found] = await db.select({ wrappedKey: cases.wrappedKey }).from(cases).where(eq(cases.id, caseId));
  if (!found?.wrappedKey) return { brief: null, peers: [] };
  return {
    brief: await briefIn(db, caseId, unwrap(found.wrappedKey, "cases.wrapped_key", caseId)),
    peers: (await peersIn(db, caseId)).map(({ name }) => name),
  };
}

/** How a family is reached, for the page that corrects it: what was refused and what stood there before. */

import { and, desc, eq } from "drizzle-orm";
import { visibleTo } from "#api/case-access/visible.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, NotFound } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { contactCorrections } from "#db/schema/contact-corrections.ts";
import { leads } from "#db/schema/leads.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { CallWishes } from "#db/terms/calls.ts";
import type { replyBy } from "#db/terms/consultation.ts";
import { type CaseKey, unseal, unwrap } from "#db/vault/vault.ts";
import { isBouncing, refusedMailOf } from "#emails/ledger/resend.ts";

/** What a correction replaces. */
export interface ReplacedContact extends CallWishes {
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  reply_by?: keyof typeof replyBy | undefined;
}

/** The request whose contact counts: the latest of the case. */
export async function latestRequest(tx: Executor, caseId: string) {
  const { consultation } = firstOrNotFound(
    await tx
      .select({ consultation: consultations })
      .from(consultations)
      .innerJoin(leads, eq(leads.id, consultations.leadId))
      .where(eq(consultations.caseId, caseId))
      .orderBy(desc(leads.receivedAt))
      .limit(1),
  );
  return consultation;
}

/**
 * The refused mail that can be sent again, whether the present address bounces, and the corrections of the case, newest
 * first, opened. Reading what stood there before is audited. Throws NotFound for an unknown and an erased case.
 */
export async function contactOf(staff: Staff, caseId: string, now = new Date()) {
  allow(staff, "manager", "coordinator");
  if (!isId(caseId)) throw new NotFound("case");
  return transaction(async (tx) => {
    const { wrappedKey } = firstOrNotFound(
      await tx
        .select({ wrappedKey: cases.wrappedKey })
        .from(cases)
        .where(and(eq(cases.id, caseId), visibleTo(staff))),
    );
    const key = unwrap(wrappedKey, "cases.wrapped_key", caseId);
    const { leadId, emailIndex } = await latestRequest(tx, caseId);
    const corrections = await correctionsOf(tx, caseId, key);
    if (corrections.length > 0) await audit(tx, staff, "view", "case", caseId, { former_contacts: corrections.length });
    return {
      refused: await refusedMailOf(tx, leadId, now),
      isBouncing: await isBouncing(tx, emailIndex),
      corrections,
    };
  });
}

async function correctionsOf(tx: Executor, caseId: string, key: CaseKey) {
  const rows = await tx
    .select({ correction: contactCorrections, by: people.name })
    .from(contactCorrections)
    .innerJoin(people, eq(people.id, contactCorrections.correctedBy))
    .where(eq(contactCorrections.caseId, caseId))
    .orderBy(desc(contactCorrections.id));
  return rows.map(({ correction: { id, fields, correctedAt, before }, by }) => ({
    ...{ id, fields, by, at: correctedAt },
    before: JSON.parse(unseal(key, before, "contact_corrections.before", id)) as ReplacedContact,
  }));
}

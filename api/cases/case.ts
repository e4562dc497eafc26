/** Reading one case: everything sealed in it is decrypted here. */

import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { visibleTo } from "#api/case-access/visible.ts";
import { entriesOf } from "#api/entries/entries.ts";
import { holdersIn, isHolding } from "#api/holders/responsible.ts";
import { markCaseRead } from "#api/holders/unread.ts";
import { owedInCase } from "#api/promises/owed.ts";
import { sideNoteOf } from "#api/side-notes/side-notes.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, NotFound } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { assignments, cases, closures } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { erasures } from "#db/schema/erasures.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";
import { promises } from "#db/schema/promises.ts";
import { auditEvents, staff as people } from "#db/schema/staff.ts";
import type { AuditAction } from "#db/terms/audit.ts";
import type { CallWishes } from "#db/terms/calls.ts";
import { type CaseKey, unseal, unwrap } from "#db/vault/vault.ts";
import { messagesOf } from "./messages.ts";

/** The sealed contact of a consultation. */
export interface Contact extends CallWishes {
  name?: string;
  /** Where a professional works, and as what. */
  affiliation?: string;
  email?: string;
  phone?: string;
}

/**
 * One case with everything decrypted, for managers and coordinators; the view is audited, and the case is read by whoever
 * opened it. Of an erased case dates and codes are left, and empty texts. Throws NotFound for an unknown case, and
 * Forbidden for a peer, who is shown less (openCaseAsPeer in api/peers/peer-case.ts).
 */
export async function openCase(staff: Staff, id: string, now = new Date()) {
  allow(staff, "manager", "coordinator");
  if (!isId(id)) throw new NotFound("case");
  return transaction(async (tx) => {
    const { wrappedKey, ...found } = firstOrNotFound(
      await tx
        .select()
        .from(cases)
        .where(and(eq(cases.id, id), visibleTo(staff))),
    );
    const isErased = wrappedKey === null;
    const key = isErased ? undefined : unwrap(wrappedKey, "cases.wrapped_key", id);
    const opened = await consultationsOf(tx, id, key);
    await audit(tx, staff, "view", "case", id);
    const messages = await messagesOf(tx, id, key);
    const held = await assigneesOf(tx, id);
    if (!isErased) await markCaseRead(tx, staff, id, shownUpTo(staff, opened, messages, held));
    return {
      ...found,
      isErased,
      /** Reason, who (null for a command and for retention) and when; null for a case that was not erased. */
      erasure: await erasureOf(tx, id),
      consultations: opened,
      assignments: held,
      /** Who is responsible and who helps, and who of them is away today. */
      holders: await holdersIn(tx, id, dayOf(now)),
      entries: await entriesOf(tx, id, key),
      messages,
      /** What is owed to the family, and whose turn it is. */
      owed: await owedInCase(tx, id, now),
      /** All that was ever promised, kept and ended ones too. */
      promises: await promisesOf(tx, id),
      /** What every reader must know. */
      sideNote: await sideNoteOf(tx, id, key),
      changes: await changesOf(tx, id),
      closures: await closuresOf(tx, id),
      mails: await mailsOf(
        tx,
        opened.map(({ leadId }) => leadId),
      ),
    };
  });
}

/**
 * Up to when the page shows what was written and given, for the mark of what its reader has read. A GET writes this
 * mark, as it writes the audit row: it changes nothing for anybody else, and a page that is opened is read.
 */
function shownUpTo(
  staff: Staff,
  requests: readonly { receivedAt: Date }[],
  messages: readonly { staffId: string | null; writtenAt: Date }[],
  held: readonly { staffId: string; assignedAt: Date }[],
): Date {
  const shown = [
    ...requests.map(({ receivedAt }) => receivedAt),
    ...messages.filter(({ staffId }) => staffId === null).map(({ writtenAt }) => writtenAt),
    ...held.filter(({ staffId }) => staffId === staff.id).map(({ assignedAt }) => assignedAt),
  ];
  return new Date(Math.max(0, ...shown.map((at) => at.getTime())));
}

async function consultationsOf(tx: Executor, id: string, key: CaseKey | undefined) {
  const rows = await tx
    .select({
      consultation: consultations,
      receivedAt: leads.receivedAt,
      reference: leads.reference,
      locale: leads.locale,
      channel: leads.channel,
      /** Who read the sentence of consent aloud; null where it was ticked on a form, or not asked yet. */
      consentAskedByName: people.name,
    })
    .from(consultations)
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .leftJoin(people, eq(people.id, consultations.consentAskedBy))
    .where(eq(consultations.caseId, id))
    .orderBy(asc(leads.receivedAt));
  return rows.map(({ consultation, ...lead }) => {
    const { contact, message, receiptCode: _code, receiptCodeHash: _hash, ...rest } = consultation;
    const { emailIndex: _email, phoneIndex: _phone, heardWords, ...row } = rest;
    const opened: Contact = key ? (JSON.parse(unseal(key, contact, "consultations.contact", row.id)) as Contact) : {};
    return {
      ...lead,
      ...row,
      message: key ? unseal(key, message, "consultations.message", row.id) : "",
      /** How they heard of us, where it was said in other words. */
      heardWords: key && heardWords ? unseal(key, heardWords, "consultations.heard_words", row.id) : "",
      contact: opened,
    };
  });
}

async function erasureOf(tx: Executor, id: string) {
  const [row] = await tx
    .select({ reason: erasures.reason, at: erasures.erasedAt, by: people.name })
    .from(erasures)
    .leftJoin(people, eq(people.id, erasures.erasedBy))
    .where(and(eq(erasures.what, "case"), eq(erasures.whatId, id)));
  return row ?? null;
}

function assigneesOf(tx: Executor, id: string) {
  return tx
    .select({
      id: assignments.id,
      staffId: people.id,
      name: people.name,
      assignedAt: assignments.assignedAt,
      role: assignments.role,
      /** What they are in the organisation; a peer reads less of the case. */
      personRole: people.role,
    })
    .from(assignments)
    .innerJoin(people, eq(people.id, assignments.staffId))
    .where(and(eq(assignments.caseId, id), isHolding))
    .orderBy(asc(assignments.assignedAt));
}

function closuresOf(tx: Executor, id: string) {
  return tx
    .select({ closure: closures, by: people.name })
    .from(closures)
    .innerJoin(people, eq(people.id, closures.closedBy))
    .where(eq(closures.caseId, id))
    .orderBy(desc(closures.closedAt));
}

function promisesOf(tx: Executor, id: string) {
  return tx
    .select({
      id: promises.id,
      consultationId: promises.consultationId,
      /** The family's message that was to be answered; null: the request itself. */
      messageId: promises.messageId,
      dueDay: promises.dueDay,
      keptAt: promises.keptAt,
      endedAt: promises.endedAt,
      endReason: promises.endReason,
    })
    .from(promises)
    .where(eq(promises.caseId, id))
    .orderBy(asc(promises.id));
}

const changeActions: AuditAction<"case">[] = [
  ...(["assign", "unassign", "change_state"] as const),
  ...(["correct_contact", "write_side_note"] as const),
];

/** Who took the case, who was taken off, its states, and corrections, as the audit trail has them; oldest first. */
function changesOf(tx: Executor, id: string) {
  const named = alias(people, "named");
  const detail = (field: "from" | "to" | "role" | "fields" | "empty") =>
    sql<string | null>`${auditEvents.detail} ->> ${field}`;
  return tx
    .select({
      id: auditEvents.id,
      at: auditEvents.at,
      action: auditEvents.action,
      by: people.name,
      from: detail("from"),
      to: detail("to"),
      /** Of a correction of the contact: which of its fields, joined by commas. */
      fields: detail("fields"),
      /** Of the side note: "true" when it was taken away. */
      empty: detail("empty"),
      /** The member of staff who was assigned or taken off. */
      whom: named.name,
      /** "helper" where they began or stopped to help; null where they were responsible. */
      role: detail("role"),
    })
    .from(auditEvents)
    .leftJoin(people, eq(people.id, auditEvents.staffId))
    .leftJoin(named, sql`${named.id}::text = coalesce(${detail("to")}, ${detail("from")})`)
    .where(and(eq(auditEvents.noun, "case"), eq(auditEvents.nounId, id), inArray(auditEvents.action, changeActions)))
    .orderBy(asc(auditEvents.id));
}

function mailsOf(tx: Executor, leadIds: string[]) {
  return tx
    .select({
      id: deliveries.id,
      kind: deliveries.kind,
      aboutMessageId: deliveries.aboutMessageId,
      state: deliveries.state,
      queuedAt: deliveries.queuedAt,
      finishedAt: deliveries.finishedAt,
      /** Code and status with which the mail server answered. */
      reply: deliveries.reply,
    })
    .from(deliveries)
    .where(inArray(deliveries.leadId, leadIds))
    .orderBy(asc(deliveries.queuedAt));
}

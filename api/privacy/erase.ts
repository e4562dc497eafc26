/**
 * Erasure of personal data, on request (個人情報保護法 第35条) and by retention. The data key is deleted, so that the
 * sealed words can never be read again; the sealed bytes and every HMAC of them are deleted too, so that nobody can
 * test guesses against them.
 */

import { and, asc, eq, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import { normaliseReference } from "#api/intake/reference.ts";
import { closeCorrespondence } from "#api/kept-pages/delete.ts";
import { endPromises } from "#api/promises/promises.ts";
import type { Staff } from "#db/actor.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { recordErasure, type Why } from "#db/erasures/record.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { type NotDone, rewriteSealedTables } from "#db/rewrite-tables.ts";
import { briefs } from "#db/schema/briefs.ts";
import { cases, entries } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { contactCorrections } from "#db/schema/contact-corrections.ts";
import { drafts, formKeys } from "#db/schema/drafts.ts";
import { downloadGrants } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";
import { messages } from "#db/schema/messages.ts";
import { reminders } from "#db/schema/reminders.ts";
import { sideNotes } from "#db/schema/side-notes.ts";
import { addressIndex } from "#emails/addresses.ts";
import { forgetMailCounts } from "#emails/limits.ts";
import { eraseReader, findReader } from "#emails/lists/erase.ts";
import { mailFilesOf, removeMailFiles } from "#emails/mail-files.ts";

/** Stands in place of sealed bytes where the column is NOT NULL. */
const nothing = Buffer.alloc(0);

/**
 * Erases the case of this reference (with or without dash) and rewrites the tables, so that the old bytes leave the
 * database's files too; `notDone` lists the tables where that was not possible. Throws NotFound for an unknown
 * reference.
 */
export async function eraseFamily(
  input: string,
  by: Staff | null = null,
  now = new Date(),
): Promise<{ reference: string; case: string; notDone: NotDone[] }> {
  const reference = normaliseReference(input);
  const { caseId } = firstOrNotFound(
    await db
      .select({ caseId: consultations.caseId })
      .from(consultations)
      .innerJoin(leads, eq(leads.id, consultations.leadId))
      .where(eq(leads.reference, reference)),
  );
  await eraseCase(caseId, { reason: "request", by, now });
  return { reference, case: caseId, notDone: await rewriteSealedTables() };
}

/**
 * Erases everything sealed in a case and every HMAC of it; dates and codes stay for statistics. With `only` (SQL),
 * a case that no longer fits the condition is not erased. Returns whether it was erased. The old bytes stay in the
 * database's files until `rewriteSealedTables`.
 */
export async function eraseCase(caseId: string, why: Why, only?: SQL): Promise<boolean> {
  const files = await transaction(async (tx) => {
    const erased = await tx
      .update(cases)
      .set({ wrappedKey: null, version: sql`${cases.version} + 1` })
      .where(and(eq(cases.id, caseId), only))
      .returning({ id: cases.id });
    if (erased.length === 0) return undefined;
    const erasedLeads = await tx
      .select({
        leadId: consultations.leadId,
        emailIndex: consultations.emailIndex,
        reference: leads.reference,
      })
      .from(consultations)
      .innerJoin(leads, eq(leads.id, consultations.leadId))
      .where(eq(consultations.caseId, caseId));
    await forgetMailCounts(
      tx,
      erasedLeads.map(({ emailIndex }) => emailIndex),
    );
    await closeCorrespondence(
      tx,
      erasedLeads.flatMap(({ reference }) => reference ?? []),
    );
    await tx
      .update(consultations)
      .set({
        contact: nothing,
        message: nothing,
        heardWords: null,
        receiptCode: null,
        receiptCodeHash: null,
        ...noIndexes,
      })
      .where(eq(consultations.caseId, caseId));
    const leadIds = erasedLeads.map(({ leadId }) => leadId);
    await tx.update(leads).set(noHmacs).where(inArray(leads.id, leadIds));
    await tx
      .update(messages)
      .set({ body: nothing, ...noHmacs })
      .where(eq(messages.caseId, caseId));
    await tx.update(entries).set({ body: nothing }).where(eq(entries.caseId, caseId));
    await tx.update(sideNotes).set({ body: nothing }).where(eq(sideNotes.caseId, caseId));
    await tx.update(contactCorrections).set({ before: nothing }).where(eq(contactCorrections.caseId, caseId));
    await tx.update(reminders).set({ body: nothing }).where(eq(reminders.caseId, caseId));
    await tx.delete(briefs).where(eq(briefs.caseId, caseId));
    await tx.delete(drafts).where(eq(drafts.caseId, caseId));
    await tx.delete(formKeys).where(eq(formKeys.caseId, caseId));
    await endPromises(tx, caseId, { reason: "erased", by: why.by, now: why.now });
    await recordErasure(tx, "case", caseId, why);
    return mailFilesOf(tx, inArray(deliveries.leadId, leadIds));
  });
  removeMailFiles(files ?? []);
  return files !== undefined;
}

const noIndexes = { emailIndex: null, phoneIndex: null };
const noHmacs = { idempotencyHmac: null, bodyHmac: null };

/** Erases the mail address of a guide request; which guide and when stay for statistics. Throws NotFound. */
export async function eraseRequest(grantId: string, why: Why): Promise<void> {
  const files = await transaction(async (tx) => {
    const { leadId, emailIndex } = firstOrNotFound(
      await tx
        .select({ leadId: downloadGrants.leadId, emailIndex: downloadGrants.emailIndex })
        .from(downloadGrants)
        .where(eq(downloadGrants.id, grantId))
        .for("update"),
    );
    await forgetMailCounts(tx, [emailIndex]);
    await tx
      .update(downloadGrants)
      .set({ wrappedKey: null, email: null, emailIndex: null })
      .where(eq(downloadGrants.id, grantId));
    await tx.update(leads).set(noHmacs).where(eq(leads.id, leadId));
    await recordErasure(tx, "grant", grantId, why);
    return mailFilesOf(tx, eq(deliveries.grantId, grantId));
  });
  removeMailFiles(files);
}

/** Something stored under a mail address. */
export interface Kept {
  what: "case" | "grant" | "subscriber";
  id: string;
  /** When it was received. */
  since: Date;
  /** Reference of a consultation, slug of a guide; null for a subscriber. */
  name: string | null;
}

/** Everything stored under a mail address: cases, guide requests, and the subscriber. Oldest first within each. */
export async function findKept(address: string): Promise<Kept[]> {
  const index = addressIndex(address);
  const reader = await findReader(address);
  return [
    ...(await casesOf(db, index)),
    ...(await requestsOf(db, index)),
    ...(reader ? [{ what: "subscriber" as const, id: reader.id, since: reader.createdAt, name: null }] : []),
  ];
}

async function casesOf(tx: Executor, index: Buffer): Promise<Kept[]> {
  const rows = await tx
    .select({ id: cases.id, since: leads.receivedAt, name: leads.reference })
    .from(consultations)
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .innerJoin(cases, eq(cases.id, consultations.caseId))
    .where(and(eq(consultations.emailIndex, index), isNotNull(cases.wrappedKey)))
    .orderBy(asc(leads.receivedAt));
  return rows.map((row) => ({ what: "case", ...row }));
}

async function requestsOf(tx: Executor, index: Buffer): Promise<Kept[]> {
  const rows = await tx
    .select({ id: downloadGrants.id, since: leads.receivedAt, name: downloadGrants.guideSlug })
    .from(downloadGrants)
    .innerJoin(leads, eq(leads.id, downloadGrants.leadId))
    .where(eq(downloadGrants.emailIndex, index))
    .orderBy(asc(leads.receivedAt));
  return rows.map((row) => ({ what: "grant", ...row }));
}

/** Erases what `findKept` returned, or a part of it, and rewrites the tables. Returns the tables where that was not possible. */
export async function eraseKept(kept: readonly Kept[], why: Why): Promise<NotDone[]> {
  const verbs = { case: eraseCase, grant: eraseRequest, subscriber: eraseReader };
  for (const { what, id } of kept) await verbs[what](id, why);
  return rewriteSealedTables();
}

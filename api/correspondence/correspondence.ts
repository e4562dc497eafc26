/** The correspondence of a family and staff after the first request, as the family sees it: opening it, and adding to it. */

import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { reopenLockedCase } from "#api/cases/close.ts";
import { messagesOf } from "#api/cases/messages.ts";
import { keyIndex } from "#api/forms/idempotency.ts";
import { countAgainstLimit } from "#api/forms/rate-limit.ts";
import type { RequestOrigin } from "#api/forms/request-origin.ts";
import { isSameHash, receiptCodeHash } from "#api/intake/receipt-codes.ts";
import { normaliseReference } from "#api/intake/reference.ts";
import { notifyHolder } from "#api/notices/notify.ts";
import { earliestDue, makePromise, openPromises } from "#api/promises/promises.ts";
import { silenceReminders } from "#api/reminders/remind.ts";
import { audit } from "#db/actor.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { type Executor, db, transaction, type Transaction } from "#db/client.ts";
import { firstOrNotFound, Gone, Invalid } from "#db/errors.ts";
import { settlePromises } from "#db/promises/settle.ts";
import { newId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { messages } from "#db/schema/messages.ts";
import type { Locale } from "#db/terms/locale.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import { seal, unseal, unwrap } from "#db/vault/vault.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { codeHashPrefix, issuePass, readPass } from "./access-pass.ts";
import { recordCodeAttempt, refundCodeAttempt } from "./code-attempts.ts";

/** One message: of a member of staff, whose name is in `by`, or of the family (null). */
export interface CorrespondenceItem {
  by: string | null;
  at: Date;
  words: string;
}

export interface Correspondence {
  reference: string;
  locale: Locale;
  /** Oldest first; the first one is the request itself. */
  written: CorrespondenceItem[];
  /** YYYY-MM-DD (Asia/Tokyo) by which a reply is promised; null when none is owed. */
  dueDate: string | null;
  /** Access pass, a hidden field of the page's form (access-pass.ts). */
  pass: string;
}

/** The consultation, its case locked until the transaction ends. Throws NotFound. */
async function lockConsultation(tx: Executor, consultationId: string) {
  return firstOrNotFound(
    await tx
      .select({
        id: consultations.id,
        caseId: consultations.caseId,
        leadId: leads.id,
        state: cases.state,
        wrappedKey: cases.wrappedKey,
        codeHash: consultations.receiptCodeHash,
        reference: leads.reference,
        locale: leads.locale,
        receivedAt: leads.receivedAt,
        message: consultations.message,
      })
      .from(consultations)
      .innerJoin(leads, eq(leads.id, consultations.leadId))
      .innerJoin(cases, eq(cases.id, consultations.caseId))
      .where(eq(consultations.id, consultationId))
      .for("update", { of: cases }),
  );
}

type LockedConsultation = Awaited<ReturnType<typeof lockConsultation>>;

/** What the page shows. `codeHash` is never null here: whoever opens the page has just proved to know its code. */
async function read(tx: Executor, found: LockedConsultation, codeHash: Buffer, now: Date): Promise<Correspondence> {
  const key = unwrap(found.wrappedKey, "cases.wrapped_key", found.caseId);
  const later = (await messagesOf(tx, found.caseId, key)).filter(({ consultationId }) => consultationId === found.id);
  const first = {
    by: null,
    at: found.receivedAt,
    words: unseal(key, found.message, "consultations.message", found.id),
  };
  return {
    reference: found.reference ?? "",
    locale: found.locale,
    written: [first, ...later.map(({ by, writtenAt, words }) => ({ by, at: writtenAt, words }))],
    dueDate: earliestDue(await openPromises(tx, found.caseId, found.id)),
    pass: issuePass(found.id, codeHash, now),
  };
}

/**
 * Opens the correspondence to whoever knows reference and code, and marks our replies as read. Undefined
 * when they do not match, whichever was wrong. Throws TooMany after too many wrong attempts.
 */
export async function openCorrespondence(
  input: { reference: string; code: string },
  origin: Pick<RequestOrigin, "network" | "now">,
): Promise<Correspondence | undefined> {
  await recordCodeAttempt(input.reference, origin);
  const reference = normaliseReference(input.reference);
  const givenHash = receiptCodeHash(reference, input.code);
  const [row] = await db
    .select({ id: consultations.id, codeHash: consultations.receiptCodeHash, wrappedKey: cases.wrappedKey })
    .from(leads)
    .innerJoin(consultations, eq(consultations.leadId, leads.id))
    .innerJoin(cases, eq(cases.id, consultations.caseId))
    .where(eq(leads.reference, reference));
  if (!isSameHash(row?.codeHash, givenHash) || row === undefined) return undefined;
  await refundCodeAttempt(input.reference, origin);
  return transaction(async (tx) => {
    const found = await lockConsultation(tx, row.id);
    if (!isSameHash(found.codeHash, givenHash)) return undefined; // replaced, or erased, at this very moment
    await markRead(tx, found, origin.now);
    await audit(tx, null, "open_correspondence", "case", found.caseId);
    return read(tx, found, givenHash, origin.now);
  });
}

/** Marks our replies as read, which keeps what was promised and not yet kept by their notice. */
async function markRead(
  tx: Executor,
  { id, caseId }: Pick<LockedConsultation, "id" | "caseId">,
  now: Date,
): Promise<void> {
  const read = await tx
    .update(messages)
    .set({ readAt: now })
    .where(and(eq(messages.consultationId, id), isNotNull(messages.staffId), isNull(messages.readAt)))
    .returning({ id: messages.id });
  if (read.length > 0) await settlePromises(tx, caseId, now);
}

/** The correspondence again for a valid pass; undefined when it has expired. Changes nothing. Throws Gone when the family was erased. */
export async function reopenCorrespondence(pass: string, now = new Date()): Promise<Correspondence | undefined> {
  return transaction(async (tx) => {
    const found = await findByPass(tx, pass, now);
    return found && read(tx, found, found.codeHash, now);
  });
}

async function findByPass(tx: Executor, pass: string, now: Date) {
  const access = readPass(pass, now);
  if (access === undefined) return undefined;
  const { codeHash, ...found } = await lockConsultation(tx, access.consultationId);
  if (found.wrappedKey === null) throw new Gone("erased");
  if (codeHash === null || !isSameHash(codeHashPrefix(codeHash), access.codeHashPrefix)) return undefined;
  return { ...found, codeHash };
}

/** Without a key every message is a new one. */
type MessageOrigin = Pick<RequestOrigin, "network" | "now"> & Partial<Pick<RequestOrigin, "key">>;

/**
 * Stores a message of the family with the day a reply is promised for, notifies staff, and reopens or
 * resumes the case. The same message under the same key is stored once; another one under it throws
 * Invalid, at `key`, and is not stored. Undefined when the pass has expired. Throws Gone when the family
 * was erased, TooMany above the rate limit of the network.
 */
export async function addMessage(
  form: { pass: string; message: string },
  origin: MessageOrigin,
): Promise<Correspondence | undefined> {
  return transaction(async (tx) => {
    const found = await findByPass(tx, form.pass, origin.now);
    if (found === undefined) return undefined;
    await countAgainstLimit(tx, "message", origin);
    if (await saveMessage(tx, found, form, origin)) await resumeCase(tx, found, origin.now);
    await markRead(tx, found, origin.now); // a reply that staff wrote meanwhile is part of the answer
    return read(tx, found, found.codeHash, origin.now);
  });
}

/** True when the message is new, false when it repeats one under the same key. */
async function saveMessage(
  tx: Transaction,
  found: LockedConsultation,
  form: { message: string },
  { key: idempotencyKey, now }: MessageOrigin,
) {
  const idempotencyHmac = keyIndex("message", idempotencyKey && `${found.id}\0${idempotencyKey}`);
  const bodyHmac = blindIndex("body", `${found.id}\0${form.message}`);
  const id = newId();
  const dueDay = replyByDate(now);
  const key = unwrap(found.wrappedKey, "cases.wrapped_key", found.caseId);
  const inserted = await tx
    .insert(messages)
    .values({
      id,
      caseId: found.caseId,
      consultationId: found.id,
      body: seal(key, form.message, "messages.body", id),
      writtenAt: now,
      replyByDate: dueDay,
      idempotencyHmac,
      bodyHmac,
    })
    .onConflictDoNothing({ target: messages.idempotencyHmac })
    .returning({ id: messages.id });
  if (inserted.length > 0) {
    await makePromise(tx, { caseId: found.caseId, consultationId: found.id, messageId: id, madeAt: now, dueDay });
    await enqueue(tx, { kind: "staff_notice", leadId: found.leadId, aboutMessageId: id });
    await notifyHolder(tx, { kind: "family_wrote", caseId: found.caseId, aboutId: id }, now);
    await silenceReminders(tx, found.caseId, now);
    await audit(tx, null, "add", "message", id, { case: found.caseId });
    return true;
  }
  const earlier = firstOrNotFound(
    await tx
      .select({ bodyHmac: messages.bodyHmac })
      .from(messages)
      .where(eq(messages.idempotencyHmac, idempotencyHmac ?? Buffer.alloc(0))),
  );
  if (!earlier.bodyHmac?.equals(bodyHmac)) throw new Invalid({ key: "resent" });
  return false;
}

/** A waiting or closed case becomes open; a new one stays new. */
async function resumeCase(tx: Executor, { caseId, state }: LockedConsultation, now: Date): Promise<void> {
  if (state === "closed") return reopenLockedCase(tx, caseId, null, now);
  await tx
    .update(cases)
    .set({ version: sql`${cases.version} + 1`, ...(state === "waiting" && { state: "open" as const }) })
    .where(eq(cases.id, caseId));
}

/** Replies of staff to a family, and a new receipt code when the old one is lost. */

import { desc, eq } from "drizzle-orm";
import { setState, lockCase } from "#api/case-access/lock.ts";
import { takeCase } from "#api/cases/assign.ts";
import type { Contact } from "#api/cases/case.ts";
import { holdersIn } from "#api/holders/responsible.ts";
import { receiptCodeHash } from "#api/intake/receipt-codes.ts";
import { newReceiptCode } from "#api/intake/reference.ts";
import { openPromises } from "#api/promises/promises.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { settlePromises } from "#db/promises/settle.ts";
import { newId } from "#db/random/ids.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { messages } from "#db/schema/messages.ts";
import { seal, type CaseKey, unseal, unwrap } from "#db/vault/vault.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { refuseIfChanged } from "./reply-conflict.ts";
import type { ReplyForm } from "./reply-forms.ts";

/** The consultation that a reply belongs to: the latest of the case. */
async function latestRequest(tx: Executor, caseId: string) {
  return firstOrNotFound(
    await tx
      .select({ consultation: consultations, reference: leads.reference })
      .from(consultations)
      .innerJoin(leads, eq(leads.id, consultations.leadId))
      .where(eq(consultations.caseId, caseId))
      .orderBy(desc(leads.receivedAt))
      .limit(1),
  );
}

type Consultation = Awaited<ReturnType<typeof latestRequest>>["consultation"];

/** Whether the family is notified of a reply by mail: when it asked to be answered by mail. */
export const sendsNotice = (replyBy: Consultation["replyBy"], contact: Contact): boolean =>
  replyBy === "email" && contact.email !== undefined;

/**
 * Stores a reply, which the family reads on its correspondence page. It answers all that its page had shown, up to the
 * message `form.latest`. When nothing is owed any more the case waits for the family; after a reply that no mail
 * announces it stays open until the family has read it or was told by phone (db/promises/settle.ts). Returns the
 * reply's id. Throws Refused, with who did what and when, when something happened meanwhile (reply-conflict.ts), and when
 * nobody holds the case and `form.take` does not say that the writer takes it: an answer brings questions, and somebody has
 * to read them.
 */
export async function sendReply(staff: Staff, id: string, form: ReplyForm, now = new Date()): Promise<string> {
  allow(staff, "manager", "coordinator");
  return transaction(async (tx) => {
    const found = await lockCase(tx, staff, id);
    const key = unwrap(found.wrappedKey, "cases.wrapped_key", id);
    await refuseIfChanged(tx, found, form, staff);
    await takeIfHeldByNobody(tx, staff, found, form.take ?? false, now);
    const { consultation } = await latestRequest(tx, id);
    const messageId = newId();
    const body = seal(key, form.reply, "messages.body", messageId);
    await tx.insert(messages).values({
      id: messageId,
      caseId: id,
      consultationId: consultation.id,
      staffId: staff.id,
      body,
      writtenAt: now,
      shownMessageId: form.latest === "" ? null : form.latest,
    });
    if (sendsNotice(consultation.replyBy, contactOf(consultation, key)))
      await enqueue(tx, { kind: "reply_notice", leadId: consultation.leadId, aboutMessageId: messageId });
    await settlePromises(tx, id, now, staff);
    const owed = await openPromises(tx, id);
    await setState(tx, id, owed.length > 0 ? "open" : "waiting");
    await audit(tx, staff, "reply", "message", messageId, { case: id, from: found.state });
    return messageId;
  });
}

/** Throws Refused where nobody is responsible and the writer was not asked yet. On a colleague's case anybody may reply. */
async function takeIfHeldByNobody(
  tx: Executor,
  staff: Staff,
  found: Awaited<ReturnType<typeof lockCase>>,
  take: boolean,
  now: Date,
): Promise<void> {
  const { responsible } = await holdersIn(tx, found.id, dayOf(now));
  if (responsible !== null) return;
  if (!take)
    throw new Refused(
      "この相談は、まだだれも担当していません。「この相談を引き受ける」にチェックを入れて、もう一度送ってください。書いた文章は残っています。",
    );
  await takeCase(tx, found, staff, staff, now);
}

const contactOf = ({ id, contact }: Consultation, key: CaseKey) =>
  JSON.parse(unseal(key, contact, "consultations.contact", id)) as Contact;

/**
 * A new receipt code for a family that lost theirs, once the member of staff has verified who asks. The old
 * code and its access passes are invalid at once. Returns the new code; it is never shown again.
 */
export async function replaceReceiptCode(staff: Staff, id: string): Promise<string> {
  allow(staff, "manager", "coordinator");
  return transaction(async (tx) => {
    const found = await lockCase(tx, staff, id);
    unwrap(found.wrappedKey, "cases.wrapped_key", id); // throws Gone for an erased family, which has nothing to open
    const { consultation, reference } = await latestRequest(tx, id);
    const code = newReceiptCode();
    await tx
      .update(consultations)
      .set({
        receiptCodeHash: receiptCodeHash(reference ?? "", code),
        receiptCode: null,
        receiptCodeConfirmedAt: null,
      })
      .where(eq(consultations.id, consultation.id));
    await audit(tx, staff, "replace_receipt_code", "case", id);
    return code;
  });
}

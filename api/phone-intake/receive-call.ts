/** A call or a visitor becomes a case, held by whoever took it. */

import { makeResponsible } from "#api/cases/assign.ts";
import { insertEntry } from "#api/entries/write-entry.ts";
import { foldMailAddress } from "#api/forms/mail-address.ts";
import { markCaseRead } from "#api/holders/unread.ts";
import { phoneIndexOf } from "#api/intake/phone-numbers.ts";
import { newReference } from "#api/intake/reference.ts";
import { makePromise } from "#api/promises/promises.ts";
import { insertReminder } from "#api/reminders/remind.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { dayOf } from "#db/calendar/days.ts";
import { type Executor, type Transaction, transaction } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { codes } from "#db/terms/codes.ts";
import { heardFrom, type replyBy } from "#db/terms/consultation.ts";
import type { answerWay } from "#db/terms/leads.ts";
import { type CaseKey, newDataKey, seal } from "#db/vault/vault.ts";
import { phoneIntakeWords } from "#db/words/staff/phone-intake.ts";
import { wordsIn } from "#db/words/words.ts";
import { addressIndex } from "#emails/addresses.ts";
import { countReceipt, overLimit } from "#emails/limits.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { beganAt } from "./began-at.ts";
import type { CallForm } from "./forms.ts";

/** How the family is answered, as the request of a family says it. */
const replyByOf: Record<keyof typeof answerWay, keyof typeof replyBy> = {
  call_back: "phone",
  email: "email",
  spoken: "phone",
  none: "none",
};

/** The channel of the journal: somebody who comes to the door is met, not visited. */
export const entryChannelOf = { phone: "phone", visit: "meeting" } as const;

/**
 * Takes one call in: lead, case, consultation, promise of an answer (unless none is wanted), the person who took it as
 * responsible, and the audit rows, in one transaction. An answer given in the conversation itself is an entry of the
 * journal, staff to family, which keeps the promise by its ordinary rule. Without consent the holder gets a reminder to
 * ask for it. A receipt is mailed where the answer goes by mail. Counts from the minute in which the form was opened, so
 * that a draft finished later promises no later day than the one that was named. Returns the id of the case.
 */
export async function receiveCall(staff: Staff, form: CallForm, now = new Date()): Promise<string> {
  allow(staff, "manager", "coordinator");
  return transaction((tx) => insertCall(tx, staff, form, beganAt(form.began_at, now), now));
}

/** The same inside the caller's transaction; `receivedAt` is when the call came. */
export async function insertCall(
  tx: Transaction,
  staff: Pick<Staff, "id">,
  form: CallForm,
  receivedAt: Date,
  now: Date,
): Promise<string> {
  const caseId = newId();
  const { key, wrapped } = newDataKey("cases.wrapped_key", caseId);
  const dueDay = replyByDate(receivedAt);
  await tx.insert(cases).values({ id: caseId, wrappedKey: wrapped, openedAt: receivedAt });
  const leadId = await insertLead(tx, form, receivedAt);
  await audit(tx, staff, "receive", "case", caseId, { channel: form.lead_channel });
  const reminderId =
    form.consent === "not_asked" ? await remindToAsk(tx, staff, { caseId, key, dueDay }, now) : undefined;
  const consultationId = newId();
  await tx.insert(consultations).values({
    id: consultationId,
    leadId,
    caseId,
    ...sealedOf(form, key, consultationId),
    replyBy: replyByOf[form.answer],
    replyByDate: dueDay,
    consentReminderId: reminderId,
    ...(form.consent === "given" && {
      consent: wordsIn("ja").consents.spoken,
      consentAskedBy: staff.id,
      consentAskedAt: receivedAt,
    }),
  });
  await makeResponsible(tx, { id: caseId, state: "new" }, staff, staff, now);
  await audit(tx, staff, "assign", "case", caseId, { to: staff.id });
  await markCaseRead(tx, staff, caseId, receivedAt);
  if (form.answer !== "none")
    await makePromise(tx, { caseId, consultationId, messageId: null, madeAt: receivedAt, dueDay });
  if (form.answer === "spoken") await insertSpokenAnswer(tx, staff, { caseId, key }, form, { receivedAt, now });
  if (form.answer === "email" && form.address !== undefined) await mailReceipt(tx, form.address, leadId, now);
  return caseId;
}

/** A reference that is taken already is drawn anew: five draws in a row have never been taken. */
async function insertLead(tx: Executor, { lead_channel }: CallForm, receivedAt: Date): Promise<string> {
  const id = newId();
  for (let attempt = 1; attempt <= 5; attempt++) {
    const row = { id, kind: "consultation", channel: lead_channel, reference: newReference(), receivedAt } as const;
    const inserted = await tx
      .insert(leads)
      .values(row)
      .onConflictDoNothing({ target: leads.reference })
      .returning({ id: leads.id });
    if (inserted.length > 0) return id;
  }
  throw new Error("no free reference in five draws");
}

/** What is sealed of the form, and what of it is looked up by. */
function sealedOf(form: CallForm, key: CaseKey, id: string) {
  const { name, phone, message, call_as, call_message, call_when, call_who } = form;
  const email = form.answer === "email" && form.address !== undefined ? foldMailAddress(form.address) : undefined;
  const heard = form.heard?.normalize("NFKC").trim() ?? "";
  const code = codes(heardFrom).find((one) => heardFrom[one] === heard) ?? null;
  return {
    contact: seal(
      key,
      JSON.stringify({ name, email, phone, call_as, call_message, call_when, call_who }),
      "consultations.contact",
      id,
    ),
    message: seal(key, message, "consultations.message", id),
    emailIndex: email === undefined ? null : addressIndex(email),
    phoneIndex: phoneIndexOf(phone),
    heardFrom: code,
    heardWords: code === null && heard !== "" ? seal(key, heard, "consultations.heard_words", id) : null,
  };
}

/** The day (YYYY-MM-DD, Asia/Tokyo) of a reminder for a due day: today where a draft is finished after that day. */
export const remindOn = (dueDay: string, now: Date): string => (dueDay < dayOf(now) ? dayOf(now) : dueDay);

/** For whoever is responsible, on the day by which the family is answered. */
function remindToAsk(
  tx: Executor,
  staff: Pick<Staff, "id">,
  { caseId, key, dueDay }: { caseId: string; key: CaseKey; dueDay: string },
  now: Date,
): Promise<string> {
  const on = remindOn(dueDay, now);
  return insertReminder(tx, staff, { caseId, key, entryId: null }, { what: phoneIntakeWords.askForConsent, on }, now);
}

/** We answered in the conversation: an entry from staff to the family with the outcome `spoke`, which settles what is owed. */
export async function insertSpokenAnswer(
  tx: Executor,
  staff: Pick<Staff, "id">,
  place: { caseId: string; key: CaseKey },
  { lead_channel, name }: Pick<CallForm, "lead_channel" | "name">,
  { receivedAt, now }: { receivedAt: Date; now: Date },
): Promise<void> {
  const entry = {
    happened_at: receivedAt,
    channel: entryChannelOf[lead_channel],
    from_party: "staff",
    to_party: "family",
    outcome: "spoke",
    whom: name,
    what: phoneIntakeWords.spokenNow[lead_channel],
  } as const;
  await insertEntry(tx, staff, place, entry, now);
}

/** The receipt, unless this address had enough of them within the hour; then the ledger says why none was sent. */
async function mailReceipt(tx: Transaction, address: string, leadId: string, now: Date): Promise<void> {
  const isAllowed = await countReceipt(tx, { emailIndex: addressIndex(foldMailAddress(address)), now });
  await enqueue(tx, { kind: "receipt", leadId, withheld: isAllowed ? undefined : overLimit });
}

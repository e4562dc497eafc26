/** Correcting how a family is reached, and sending what was refused again. */

import { eq } from "drizzle-orm";
import { lockCase, raiseVersion, setState } from "#api/case-access/lock.ts";
import type { Contact } from "#api/cases/case.ts";
import { phoneIndexOf } from "#api/intake/phone-numbers.ts";
import { openPromises, promiseWhenWished } from "#api/promises/promises.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { settlePromises } from "#db/promises/settle.ts";
import { newId } from "#db/random/ids.ts";
import { consultations } from "#db/schema/consultations.ts";
import { contactCorrections } from "#db/schema/contact-corrections.ts";
import { type ContactField, contactFields } from "#db/terms/contacts.ts";
import { type CaseKey, seal, unseal, unwrap } from "#db/vault/vault.ts";
import { addressIndex } from "#emails/addresses.ts";
import { isBouncing, type NotResent, resendRefused } from "#emails/ledger/resend.ts";
import { forgetMailCounts } from "#emails/limits.ts";
import { latestRequest, type ReplacedContact } from "./contacts.ts";
import type { ContactForm } from "./forms.ts";

export interface CorrectedContact {
  /** What changed; none when everything was right already. */
  fields: ContactField[];
  isResent: boolean;
  /** Nothing can be mailed to the address: an earlier mail to it bounced. */
  isBouncing: boolean;
}

/**
 * Replaces the contact of the family in a case, and what finds it (blind indexes); what stood there before is kept
 * sealed. With `form.resend` the refused mail is queued again, once, whoever presses how often. A family that wanted no
 * answer and now does is promised one. Throws Refused when somebody changed the case after `form.version`, and Invalid
 * at `email` when nothing may be mailed to the new address; then nothing is stored.
 */
export async function correctContact(
  staff: Staff,
  caseId: string,
  form: ContactForm,
  now = new Date(),
): Promise<CorrectedContact> {
  allow(staff, "manager", "coordinator");
  return transaction(async (tx) => {
    const found = await lockCase(tx, staff, caseId, form.version);
    const key = unwrap(found.wrappedKey, "cases.wrapped_key", caseId);
    const asked = await latestRequest(tx, caseId);
    const emailIndex = form.email === undefined ? null : addressIndex(form.email);
    const fields = await store(tx, staff, { asked, key, form, emailIndex }, now);
    if (fields.includes("reply_by") && asked.replyBy === "none")
      await promiseWhenWished(tx, { caseId, consultationId: asked.id }, now);
    const isResent = form.resend && emailIndex !== null && (await resend(tx, staff, asked.leadId, emailIndex, now));
    await settlePromises(tx, caseId, now, staff);
    // Where an answer is owed, the case does not wait for the family.
    const isOwed = found.state === "waiting" && (await openPromises(tx, caseId)).length > 0;
    if (isOwed) await setState(tx, caseId, "open");
    else if (fields.length > 0 || isResent) await raiseVersion(tx, caseId);
    return { fields, isResent, isBouncing: await isBouncing(tx, emailIndex) };
  });
}

type Asked = Awaited<ReturnType<typeof latestRequest>>;

/** Writes the new contact and the row of the correction; returns what changed. */
async function store(
  tx: Transaction,
  staff: Staff,
  { asked, key, form, emailIndex }: { asked: Asked; key: CaseKey; form: ContactForm; emailIndex: Buffer | null },
  now: Date,
): Promise<ContactField[]> {
  const contact = JSON.parse(unseal(key, asked.contact, "consultations.contact", asked.id)) as Contact;
  const { name, email, phone, reply_by } = form;
  const { call_as, call_message, call_when, call_who } = form;
  const before: ReplacedContact = { ...contact, reply_by: asked.replyBy };
  const fields = contactFields.filter((field) => (before[field] ?? "") !== (form[field] ?? ""));
  if (fields.length === 0) return fields;
  const after = { name, email, phone, call_as, call_message, call_when, call_who };
  const sealed = JSON.stringify({ ...contact, ...after });
  await tx
    .update(consultations)
    .set({
      contact: seal(key, sealed, "consultations.contact", asked.id),
      emailIndex,
      phoneIndex: phoneIndexOf(phone),
      replyBy: reply_by,
    })
    .where(eq(consultations.id, asked.id));
  // The keyed hash of an address that is no longer the family's would outlive its erasure by a day.
  if (fields.includes("email")) await forgetMailCounts(tx, [asked.emailIndex]);
  await keepBefore(tx, staff, asked, { key, fields, before }, now);
  return fields;
}

async function keepBefore(
  tx: Transaction,
  staff: Staff,
  { id: consultationId, caseId }: Asked,
  { key, fields, before }: { key: CaseKey; fields: ContactField[]; before: ReplacedContact },
  now: Date,
): Promise<void> {
  const id = newId();
  const replaced = JSON.stringify(Object.fromEntries(fields.map((field) => [field, before[field]])));
  await tx.insert(contactCorrections).values({
    ...{ id, caseId, consultationId, fields, correctedBy: staff.id, correctedAt: now },
    before: seal(key, replaced, "contact_corrections.before", id),
  });
  await audit(tx, staff, "correct_contact", "case", caseId, { fields: fields.join() });
}

/** Why the refused mail cannot go to this address. */
const reasons: Record<Exclude<NotResent, "nothing">, string> = {
  suppressed:
    "このアドレスには、前に送ったメールが届かなかったため、送信を止めています。アドレスを確かめてください。電話番号などを直すときは「直すだけ」を押してください。",
  limit:
    "このアドレスには、この1時間に受付メールを3通送っています。時間をおいて送り直すか、いまは「直すだけ」を押してください。",
};

/** True when the refused mail was queued again, false when there is none. Throws Invalid at `email`. */
async function resend(tx: Transaction, staff: Staff, leadId: string, emailIndex: Buffer, now: Date): Promise<boolean> {
  const outcome = await resendRefused(tx, staff, { leadId, emailIndex }, now);
  if (outcome === "suppressed" || outcome === "limit") throw new Invalid({ email: reasons[outcome] });
  return outcome === "queued";
}

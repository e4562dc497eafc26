/** A call about a case that is open already: it is written into the journal of that case, and no new case is made. */

import { and, eq, type SQL } from "drizzle-orm";
import { lockCase } from "#api/case-access/lock.ts";
import { insertEntry } from "#api/entries/write-entry.ts";
import { foldMailAddress } from "#api/forms/mail-address.ts";
import { numberToDial } from "#api/intake/phone-numbers.ts";
import { insertReminder } from "#api/reminders/remind.ts";
import { allow, type Staff } from "#db/actor.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { consultations } from "#db/schema/consultations.ts";
import { callWishesInWords } from "#db/terms/calls.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import { unwrap } from "#db/vault/vault.ts";
import { phoneIntakeWords } from "#db/words/staff/phone-intake.ts";
import { addressIndex } from "#emails/addresses.ts";
import { beganAt } from "./began-at.ts";
import type { CallOnCaseForm } from "./forms.ts";
import { entryChannelOf, insertSpokenAnswer, remindOn } from "./receive-call.ts";
import { noteConsent } from "./record-consent.ts";

/**
 * Writes the call as an entry from the family to staff, which by itself keeps no promise. What else was typed and the
 * case does not hold (another number, an address, wishes for our calls, how they heard of us) stands below its words, so that nothing typed is
 * lost. Where it was answered in the conversation (`answer` spoken) a second entry from staff to the family says so and
 * keeps what was promised; where the family was promised a call or a mail, whoever is responsible gets a reminder by the
 * day that the page named. Consent that was given is recorded where the case has none. Throws NotFound for a case that
 * one may not see, Refused for one that is closed or erased.
 */
export async function keepCall(staff: Staff, form: CallOnCaseForm, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  const { to_case: caseId, lead_channel, name, message } = form;
  const receivedAt = beganAt(form.began_at, now);
  await transaction(async (tx) => {
    const found = await lockCase(tx, staff, caseId);
    if (found.state === "closed") throw new Refused(phoneIntakeWords.closed);
    const place = { caseId, key: unwrap(found.wrappedKey, "cases.wrapped_key", caseId) };
    const entry = {
      happened_at: receivedAt,
      channel: entryChannelOf[lead_channel],
      from_party: "family",
      to_party: "staff",
      who: name,
      what: [message, ...(await notInCase(tx, caseId, form))].join("\n"),
    } as const;
    const entryId = await insertEntry(tx, staff, place, entry, now);
    if (form.answer === "spoken") await insertSpokenAnswer(tx, staff, place, form, { receivedAt, now });
    if (form.answer === "call_back" || form.answer === "email") {
      const on = remindOn(replyByDate(receivedAt), now);
      await insertReminder(
        tx,
        staff,
        { ...place, entryId },
        { what: phoneIntakeWords.answerAgain[form.answer], on },
        now,
      );
    }
    if (form.consent === "given") await noteConsent(tx, staff, caseId, receivedAt, now);
  });
}

/** A line for each thing that was typed beside the words and that the case does not hold. */
async function notInCase(tx: Executor, caseId: string, form: CallOnCaseForm): Promise<string[]> {
  const { phone, heard } = form;
  const address = typeof form.address === "string" && form.address.trim() !== "" ? form.address : undefined;
  const isKnown = async (found: SQL) =>
    (
      await tx
        .select({ id: consultations.id })
        .from(consultations)
        .where(and(eq(consultations.caseId, caseId), found))
    ).length > 0;
  const number = phone === undefined ? undefined : numberToDial(phone);
  const isKnownNumber =
    number !== undefined && (await isKnown(eq(consultations.phoneIndex, blindIndex("phone", number))));
  const isKnownAddress =
    address !== undefined && (await isKnown(eq(consultations.emailIndex, addressIndex(foldMailAddress(address)))));
  const say = phoneIntakeWords.alsoTyped;
  return [
    ...(phone === undefined || isKnownNumber ? [] : [say.phone(phone)]),
    ...(address === undefined || isKnownAddress ? [] : [say.address(address)]),
    ...callWishesInWords(form).map(say.wish),
    ...(heard === undefined ? [] : [say.heard(heard)]),
  ];
}

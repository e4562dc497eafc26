/** A call about a case that is open already: it is written into the journal of that case, and no new case is made. */

import { lockCase } from "#api/case-access/lock.ts";
import { insertEntry } from "#api/entries/write-entry.ts";
import { allow, type Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { unwrap } from "#db/vault/vault.ts";
import { phoneIntakeWords } from "#db/words/staff/phone-intake.ts";
import { beganAt } from "./began-at.ts";
import type { CallOnCaseForm } from "./forms.ts";
import { entryChannelOf, insertSpokenAnswer } from "./receive-call.ts";
import { noteConsent } from "./record-consent.ts";

/**
 * Writes the call as an entry from the family to staff, which by itself keeps no promise. Where it was answered in the
 * conversation (`answer` spoken) a second entry from staff to the family says so and keeps what was promised. Consent
 * that was given is recorded where the case has none. Throws NotFound for a case that one may not see, Refused for one
 * that is closed or erased.
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
      what: message,
    } as const;
    await insertEntry(tx, staff, place, entry, now);
    if (form.answer === "spoken") await insertSpokenAnswer(tx, staff, place, form, { receivedAt, now });
    if (form.consent === "given") await noteConsent(tx, staff, caseId, receivedAt, now);
  });
}

/** Consent by word of mouth, asked for after the case was stored. */

import { and, eq, isNull } from "drizzle-orm";
import { lockCase } from "#api/case-access/lock.ts";
import { finishOpenReminder } from "#api/reminders/remind.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Executor, transaction } from "#db/client.ts";
import { consultations } from "#db/schema/consultations.ts";
import { wordsIn } from "#db/words/words.ts";

/**
 * The sentence of consent was read to the family of this case, and it agreed. Recorded twice is the same success.
 * Throws NotFound for a case that one may not see, Refused for an erased one.
 */
export async function recordConsent(staff: Staff, caseId: string, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    await lockCase(tx, staff, caseId);
    await noteConsent(tx, staff, caseId, now, now);
  });
}

/** Inside the caller's transaction, which has locked the case. What has a consent already keeps it. Ends the reminder to ask. */
export async function noteConsent(
  tx: Executor,
  staff: Pick<Staff, "id">,
  caseId: string,
  askedAt: Date,
  now: Date,
): Promise<void> {
  const given = await tx
    .update(consultations)
    .set({ consent: wordsIn("ja").consents.spoken, consentAskedBy: staff.id, consentAskedAt: askedAt })
    .where(and(eq(consultations.caseId, caseId), isNull(consultations.consent)))
    .returning({ reminderId: consultations.consentReminderId });
  if (given.length === 0) return;
  for (const { reminderId: id } of given) if (id !== null) await finishOpenReminder(tx, staff, { caseId, id }, now);
  await audit(tx, staff, "record_consent", "case", caseId);
}

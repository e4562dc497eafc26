/** Sending the mail with the link that confirms once more, for somebody who says that it did not come. */

import { audit, type Staff } from "#db/actor.ts";
import { formatDateTime } from "#db/calendar/days.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { readerWords } from "#db/words/staff/readers.ts";
import { mailConfirmation, nextConfirmation } from "#emails/lists/confirmation-mail.ts";
import { lockReader } from "./find.ts";

/**
 * Mails the link again for everything that waits, also for what lapsed. The limit per address is that of the form: whoever
 * asks staff must not fill a stranger's mailbox either. Throws Refused when nothing waits or a mail came too lately, with
 * the time from which it is possible; Forbidden, NotFound.
 */
export async function resendConfirmation(staff: Staff, id: string, now = new Date()): Promise<void> {
  await transaction(async (tx) => {
    const { confirmationMailAt } = await lockReader(tx, staff, id);
    const { dueAt, isPlanned } = nextConfirmation(confirmationMailAt, now);
    if (dueAt > now) throw new Refused(readerWords[isPlanned ? "planned" : "tooSoon"](formatDateTime(dueAt)));
    if (!(await mailConfirmation(tx, id, now))) throw new Refused(readerWords.nothingWaits);
    await audit(tx, staff, "resend_confirmation", "subscriber", id);
  });
}

/** Rows of the mail ledger for invented mails. */

import { newId } from "#db/random/ids.ts";
import { messageIdFor } from "./outbox.ts";

/** The row of a mail about an invented lead, queued at this moment and accepted by the mail server two seconds later. */
export function sampleMail(
  kind: "receipt" | "staff_notice" | "guide_link",
  leadId: string,
  at: Date,
  grantId?: string,
) {
  const id = newId();
  const finishedAt = new Date(at.getTime() + 2000);
  const lane = "transactional" as const;
  return {
    id,
    kind,
    lane,
    state: "accepted" as const,
    messageId: messageIdFor(id),
    leadId,
    grantId,
    attempts: 1,
    queuedAt: at,
    dueAt: at,
    finishedAt,
    reply: "250",
  };
}

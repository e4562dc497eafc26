/** Sending a refused mail to a family again, once its address was corrected: a new row of the ledger. */

import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import type { Executor, Transaction } from "#db/client.ts";
import { consultations } from "#db/schema/consultations.ts";
import { deliveries } from "#db/schema/mail.ts";
import { codes } from "#db/terms/codes.ts";
import { type FamilyKind, familyKind } from "#db/terms/mail.ts";
import { bouncesSql } from "#emails/audience.ts";
import { countReceipt } from "#emails/limits.ts";
import { enqueue } from "#emails/outbox/outbox.ts";

export interface RefusedMail {
  id: string;
  kind: FamilyKind;
  aboutMessageId: string | null;
  /** What the mail server answered, code and status; null where it was never asked. */
  reply: string | null;
  state: "failed" | "suppressed" | "cancelled";
  finishedAt: Date | null;
  /** False for a receipt whose promised day is over: it would promise that day again. */
  isWorthSending: boolean;
}

/**
 * The newest mail to the family about the request of this lead, if it was refused; undefined when it was accepted, is
 * still under way, or of unknown fate. One mail tells of all: the notice of the newest reply leads to every reply.
 */
export async function refusedMailOf(tx: Executor, leadId: string, now: Date): Promise<RefusedMail | undefined> {
  const [row] = await tx
    .select({
      id: deliveries.id,
      kind: deliveries.kind,
      aboutMessageId: deliveries.aboutMessageId,
      reply: deliveries.reply,
      state: deliveries.state,
      finishedAt: deliveries.finishedAt,
      dueDay: consultations.replyByDate,
    })
    .from(deliveries)
    .innerJoin(consultations, eq(consultations.leadId, deliveries.leadId))
    .where(and(eq(deliveries.leadId, leadId), inArray(deliveries.kind, codes(familyKind))))
    .orderBy(desc(deliveries.queuedAt), desc(deliveries.id))
    .limit(1);
  if (!row) return undefined;
  const { dueDay, ...mail } = row;
  const kind = mail.kind as FamilyKind; // the condition above
  const isWorthSending = kind === "reply_notice" || dueDay >= dayOf(now);
  switch (mail.state) {
    case "failed":
    case "suppressed":
      return { ...mail, kind, state: mail.state, isWorthSending };
    case "cancelled":
      // A receipt is cancelled by the limit per address: it was not refused.
      return kind === "reply_notice" ? { ...mail, kind, state: mail.state, isWorthSending } : undefined;
    default:
      return undefined;
  }
}

/** Whether mails that a family waits for must not be sent to this address: an earlier one bounced. */
export async function isBouncing(tx: Executor, emailIndex: Buffer | null): Promise<boolean> {
  if (emailIndex === null) return false;
  const [row] = await tx.execute<{ isBouncing: boolean }>(
    sql`select ${bouncesSql(sql`${emailIndex}::bytea`)} as "isBouncing"`,
  );
  return row?.isBouncing ?? false;
}

/** Why nothing was queued: nothing is refused (any more), the address bounces, or it had enough receipts lately. */
export type NotResent = "nothing" | "suppressed" | "limit";

/**
 * Queues the refused mail of this lead again as a new row, which is addressed when it is sent, so to the address that
 * the caller has just stored (`emailIndex`). The caller holds the lock of the case: of several presses the first finds
 * the mail refused, the others find it queued. The index `deliveries_resent_once` allows no second row either.
 */
export async function resendRefused(
  tx: Transaction,
  staff: Pick<Staff, "id">,
  of: { leadId: string; emailIndex: Buffer },
  now: Date,
): Promise<"queued" | NotResent> {
  const refused = await refusedMailOf(tx, of.leadId, now);
  if (!refused?.isWorthSending) return "nothing";
  if (await isBouncing(tx, of.emailIndex)) return "suppressed";
  if (refused.kind === "receipt" && !(await countReceipt(tx, { emailIndex: of.emailIndex, now }))) return "limit";
  const { kind, aboutMessageId } = refused;
  const id = await enqueue(tx, { kind, leadId: of.leadId, aboutMessageId, resentFromId: refused.id });
  await audit(tx, staff, "resend", "delivery", id, { was: refused.state, from: refused.id });
  return "queued";
}

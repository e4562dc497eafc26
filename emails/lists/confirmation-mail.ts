/** The mail with the link that confirms: how often one address gets it, and how long its link can be used. */

import { and, eq } from "drizzle-orm";
import type { Transaction } from "#db/client.ts";
import { subscribers, subscriptions } from "#db/schema/mail.ts";
import { confirmationEvery } from "#emails/limits.ts";
import { enqueue } from "#emails/outbox/outbox.ts";

/** How long a confirmation link can be used, in milliseconds from when its mail is due. */
export const confirmWithin = 7 * 86_400_000;

/** What a subscription means for its person: what came too late to be confirmed asks for nothing any more. */
export function readingState(
  row: { state: string; expiresAt: Date } | undefined,
  now: Date,
): "reading" | "waiting" | "no" {
  if (row?.state === "confirmed") return "reading";
  return row?.state === "pending" && row.expiresAt > now ? "waiting" : "no";
}

/** The reply in the ledger of a form that needed no mail: all was confirmed, or an earlier mail covers it. */
export const nothingToConfirm = "nothing to confirm";

/**
 * When the next confirmation mail is due under the rate limit, given when the latest was or will be due.
 * `isPlanned`: the latest is still queued, and will name everything that is requested until then.
 */
export function nextConfirmation(latest: Date | null, now: Date): { dueAt: Date; isPlanned: boolean } {
  if (latest === null || latest.getTime() + confirmationEvery <= now.getTime()) return { dueAt: now, isPlanned: false };
  if (latest > now) return { dueAt: latest, isPlanned: true };
  return { dueAt: new Date(latest.getTime() + confirmationEvery), isPlanned: false };
}

/**
 * Mails the link for everything that this person has asked for and not confirmed, lapsed or not, as a member of staff
 * does for them. When they asked, and for what, stays as it was. The caller holds the subscriber's lock and has `dueAt` from
 * `nextConfirmation`. Returns whether there was anything to confirm; nothing is mailed otherwise.
 */
export async function mailConfirmation(tx: Transaction, subscriberId: string, dueAt: Date): Promise<boolean> {
  const renewed = await tx
    .update(subscriptions)
    .set({ expiresAt: new Date(dueAt.getTime() + confirmWithin) })
    .where(and(eq(subscriptions.subscriberId, subscriberId), eq(subscriptions.state, "pending")))
    .returning({ id: subscriptions.id });
  if (renewed.length === 0) return false;
  await tx.update(subscribers).set({ confirmationMailAt: dueAt }).where(eq(subscribers.id, subscriberId));
  await enqueue(tx, { kind: "confirmation", subscriberId, dueAt });
  return true;
}

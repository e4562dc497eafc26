/** Finding a reader by address, and erasing one. */

import { and, eq, ne } from "drizzle-orm";
import { type Executor, db, transaction } from "#db/client.ts";
import { eraseDraftsOf } from "#db/erasures/drafts.ts";
import { recordErasure, type Why } from "#db/erasures/record.ts";
import { deliveries, subscribers, subscriptions } from "#db/schema/mail.ts";
import { addressIndex } from "#emails/addresses.ts";
import { forgetMailCounts, keepConfirmation } from "#emails/limits.ts";
import { mailFilesOf, removeMailFiles } from "#emails/mail-files.ts";
import { lockSubscriber } from "./subscriptions.ts";

/** The subscriber with this address, whatever became of their subscriptions; undefined when there is none. */
export async function findReader(address: string): Promise<{ id: string; createdAt: Date } | undefined> {
  const [row] = await db
    .select({ id: subscribers.id, createdAt: subscribers.createdAt })
    .from(subscribers)
    .where(eq(subscribers.emailIndex, addressIndex(address)));
  return row;
}

/**
 * Erases a reader's sealed address, its key and its blind index, and ends their subscriptions. The
 * subscription rows stay as proof of what was agreed to and when (特定電子メール法 第3条), tied to
 * nobody. A suppression stays too: it keeps the address from being written to. Erasing again does no
 * harm. Throws NotFound for an unknown id.
 */
export async function eraseReader(id: string, why: Why): Promise<void> {
  removeMailFiles(await transaction((tx) => eraseReaderIn(tx, id, why)));
}

/** The same inside the caller's transaction; returns the deliveries whose files are to be removed after the commit (`removeMailFiles`). */
export async function eraseReaderIn(tx: Executor, id: string, why: Why): Promise<string[]> {
  const { emailIndex, confirmationMailAt } = await lockSubscriber(tx, id);
  // A corrected address may be a stranger's: its limits hold on, for their day.
  if (why.reason === "correction") await keepConfirmation(tx, { emailIndex, due: confirmationMailAt, now: why.now });
  else await forgetMailCounts(tx, [emailIndex]);
  await tx.update(subscribers).set({ wrappedKey: null, email: null, emailIndex: null }).where(eq(subscribers.id, id));
  await tx
    .update(subscriptions)
    .set({ state: "unsubscribed", unsubscribedAt: why.now })
    .where(and(eq(subscriptions.subscriberId, id), ne(subscriptions.state, "unsubscribed")));
  // What somebody typed to correct the address and did not send.
  await eraseDraftsOf(tx, readerPage(id));
  await recordErasure(tx, "subscriber", id, why);
  return mailFilesOf(tx, eq(deliveries.subscriberId, id));
}

/** Path of the page on which staff see one reader. */
export const readerPage = (id: string): string => `/staff/newsletters/readers/${id}`;

/**
 * Correcting a reader's address, where it was mistyped or has changed. Nobody has shown that the new address is theirs, so
 * it proves nothing: whatever was read there waits until the button in a mail to the new address is pressed.
 *
 * The person becomes a new row with what they asked for, when and in which words; the row of the old address is erased, with
 * its blind index. So every link in a mail to the old address, which may be a stranger's, keeps saying that nothing comes
 * any more, and none of them confirms or shows anything of the new one.
 */

import { eq } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { readableAddress } from "#db/formats/mail-address.ts";
import { newId } from "#db/random/ids.ts";
import { subscribers, subscriptions } from "#db/schema/mail.ts";
import { seal, unwrap } from "#db/vault/vault.ts";
import { readerWords } from "#db/words/staff/readers.ts";
import { mailConfirmation, nextConfirmation } from "#emails/lists/confirmation-mail.ts";
import { eraseReaderIn } from "#emails/lists/erase.ts";
import { sealedSubscriber } from "#emails/lists/subscriptions.ts";
import { removeMailFiles } from "#emails/mail-files.ts";
import { lockReader } from "./find.ts";

export interface CorrectedReader {
  /** Of the reader from now on; the one before where only the spelling differed. */
  id: string;
  /** `respelled`: the same mailbox written differently, so nothing is to be confirmed. `mailed`: a mail asks the new address. `planned`: it will, since that address had one lately. `moved`: nothing was read. */
  outcome: "respelled" | "mailed" | "planned" | "moved";
}

/** Throws Invalid at `email` for an address of another reader; Forbidden, NotFound. */
export async function correctReader(
  staff: Staff,
  id: string,
  address: string,
  now = new Date(),
): Promise<CorrectedReader> {
  const { files, ...corrected } = await transaction(async (tx) => {
    const before = await lockReader(tx, staff, id);
    const after = sealedSubscriber(address);
    if (before.emailIndex?.equals(after.emailIndex)) {
      await respell(tx, before, address);
      await audit(tx, staff, "correct_address", "subscriber", id);
      return { id, outcome: "respelled" as const, files: [] };
    }
    const { createdAt, locale } = before;
    const [row] = await tx
      .insert(subscribers)
      .values({ ...after, createdAt, locale })
      .onConflictDoNothing({ target: subscribers.emailIndex })
      .returning({ latest: subscribers.confirmationMailAt });
    if (!row) throw new Invalid({ email: readerWords.taken });
    await copySubscriptions(tx, id, after.id);
    const files = await eraseReaderIn(tx, id, { reason: "correction", by: staff, now });
    await audit(tx, staff, "correct_address", "subscriber", after.id, { was: id });
    const { dueAt } = nextConfirmation(row.latest, now);
    const isMailed = await mailConfirmation(tx, after.id, dueAt);
    const outcome = isMailed ? (dueAt > now ? ("planned" as const) : ("mailed" as const)) : ("moved" as const);
    return { id: after.id, outcome, files };
  });
  removeMailFiles(files);
  return corrected;
}

async function respell(tx: Executor, { id, wrappedKey }: typeof subscribers.$inferSelect, address: string) {
  const key = unwrap(wrappedKey, "subscribers.wrapped_key", id);
  const email = seal(key, readableAddress(address), "subscribers.email", id);
  await tx.update(subscribers).set({ email }).where(eq(subscribers.id, id));
}

/** The same requests with the same proof, to be confirmed; what was left stays left. */
async function copySubscriptions(tx: Executor, from: string, to: string): Promise<void> {
  const rows = await tx.select().from(subscriptions).where(eq(subscriptions.subscriberId, from));
  for (const row of rows) {
    const asked = row.state === "unsubscribed" ? {} : { state: "pending" as const, confirmedAt: null };
    await tx.insert(subscriptions).values({ ...row, id: newId(), subscriberId: to, ...asked });
  }
}

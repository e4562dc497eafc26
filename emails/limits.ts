/**
 * How often an address is written to because somebody typed it into a form. Nobody has to prove that
 * an address is theirs, so without these limits a form is a way to fill a stranger's mailbox.
 */

import { inArray, sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { mailCounts } from "#db/schema/mail.ts";
import { blindIndex } from "#db/vault/vault.ts";

/** `most` of a kind within `hours` to one address; `mostEach` of them about the same thing. Hours are counted back from each request. */
export const mailLimits = {
  receipt: { hours: 1, most: 3, mostEach: null },
  guide_link: { hours: 24, most: 3, mostEach: 1 },
} as const;

/** From one confirmation mail to the next, in milliseconds; counted on the subscriber (emails/lists/subscriptions.ts). */
export const confirmationEvery = 86_400_000;

/** What the ledger says of a mail that was written down and not sent, since the address had enough. */
export const overLimit = "limit per address";

/** Who is counted, from `addressIndex` of the address: the same address in any width or letter case. */
export const limitKey = (emailIndex: Buffer): Buffer => blindIndex("network", `mail\0${emailIndex.toString("hex")}`);

/**
 * Counts one more mail with the link to a guide, in the caller's transaction; parallel requests for one
 * address wait for each other here. False, and nothing counted, when the address had enough. When
 * `again`, somebody pressed for one guide's mail once more: only the total of the day counts.
 */
export async function countGuideMail(
  tx: Executor,
  of: { emailIndex: Buffer; guide: string; now: Date; again?: boolean },
): Promise<boolean> {
  const { hours, most, mostEach } = mailLimits.guide_link;
  const [row] = await tx.execute<{ counted: boolean }>(sql`
    select count_mail(${limitKey(of.emailIndex)}, 'guide_link', ${of.guide}, ${of.now.toISOString()}::timestamptz,
      ${hours}, ${most}, ${of.again ? null : mostEach}) as counted`);
  return row?.counted ?? false;
}

/** Forgets what was counted for these addresses, by `addressIndex`; an erased person leaves no fingerprint here. */
export async function forgetMailCounts(tx: Executor, emailIndexes: readonly (Buffer | null)[]): Promise<void> {
  const keys = emailIndexes.filter((index) => index !== null).map(limitKey);
  if (keys.length > 0) await tx.delete(mailCounts).where(inArray(mailCounts.address, keys));
}

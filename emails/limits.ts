/**
 * How often an address is written to because somebody typed it into a form. Nobody has to prove that
 * an address is theirs, so without these limits a form is a way to fill a stranger's mailbox.
 */

import { inArray, type SQL, sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { mailCounts } from "#db/schema/mail.ts";
import { blindIndex } from "#db/vault/blind-index.ts";

/**
 * Rate limits per address: at most `most` mails of a kind within `hours`, and at most `mostEach` of them
 * about the same thing (one guide). The window slides: hours are counted back from each request.
 */
export const mailLimits = {
  receipt: { hours: 1, most: 3, mostEach: null },
  guide_link: { hours: 24, most: 3, mostEach: 1 },
} as const;

/** At least this long from one confirmation mail to the next, in milliseconds. The subscriber's row holds when the last one was due (emails/lists/confirmation-mail.ts). */
export const confirmationEvery = 86_400_000;

/** SQL: when the latest confirmation mail went to an address, where its reader's row is gone because the address was corrected; null as a rule. */
export const confirmationBeforeCorrection = (emailIndex: Buffer): SQL<Date | null> => sql`(
  select max(counted_at) from mail_counts where address = ${limitKey(emailIndex)} and kind = 'confirmation')`;

/**
 * Keeps that moment for the day in which it matters: a correction there and back must not fill a stranger's mailbox. `due`: when
 * the latest was due; one that is still to come goes with its reader, and was planned a day after the one before.
 */
export async function keepConfirmation(
  tx: Executor,
  { emailIndex, due, now }: { emailIndex: Buffer | null; due: Date | null; now: Date },
): Promise<void> {
  if (emailIndex === null || due === null) return;
  const countedAt = due > now ? new Date(due.getTime() - confirmationEvery) : due;
  await tx.insert(mailCounts).values({ address: limitKey(emailIndex), kind: "confirmation", about: "", countedAt });
}

/** The reply in the ledger of a mail that was recorded as `cancelled` because of the rate limit. */
export const overLimit = "limit per address";

/** The key under which an address is counted, from its `addressIndex`: the same for any width or letter case. */
export const limitKey = (emailIndex: Buffer): Buffer => blindIndex("network", `mail\0${emailIndex.toString("hex")}`);

/**
 * Counts one more mail with the link to a guide against the limit, in the caller's transaction. Parallel
 * requests for one address wait for each other here, so that none slips past the limit. False, and
 * nothing counted, when the limit is reached. `again`: somebody asked to have the mail of this guide
 * resent, for which only the limit of all guides together counts.
 */
export const countGuideMail = (
  tx: Executor,
  { guide, again = false, ...of }: { emailIndex: Buffer; guide: string; now: Date; again?: boolean },
): Promise<boolean> => countMail(tx, { ...of, kind: "guide_link", about: guide, ...(again && { mostEach: null }) });

/**
 * Counts one more receipt to an address that staff write for a family, by telephone or as a correction: it may be a
 * stranger's like any other that was typed. False, and nothing counted, when the limit is reached. (The receipt of the
 * form is counted in its own statement, api/intake/receive.ts.)
 */
export const countReceipt = (tx: Executor, of: { emailIndex: Buffer; now: Date }): Promise<boolean> =>
  countMail(tx, { ...of, kind: "receipt", about: "" });

async function countMail(
  tx: Executor,
  of: { emailIndex: Buffer; now: Date; kind: keyof typeof mailLimits; about: string; mostEach?: null },
): Promise<boolean> {
  const { hours, most, mostEach } = { ...mailLimits[of.kind], ...of };
  const [row] = await tx.execute<{ counted: boolean }>(sql`
    select count_mail(${limitKey(of.emailIndex)}, ${of.kind}, ${of.about}, ${of.now.toISOString()}::timestamptz,
      ${hours}, ${most}, ${mostEach}) as counted`);
  return row?.counted ?? false;
}

/** Deletes what was counted for these addresses, by `addressIndex`, so that an erased person leaves no blind index here. */
export async function forgetMailCounts(tx: Executor, emailIndexes: readonly (Buffer | null)[]): Promise<void> {
  const keys = emailIndexes.filter((index) => index !== null).map(limitKey);
  if (keys.length > 0) await tx.delete(mailCounts).where(inArray(mailCounts.address, keys));
}

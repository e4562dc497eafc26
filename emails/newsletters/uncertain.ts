/**
 * Messages of an issue that may or may not have arrived, and what a person decides about each: nobody else can weigh a repeat
 * against a loss. And those that were refused, which a person sends again once the reason is gone.
 */

import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { databaseNow } from "#db/calendar/clock.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { NotFound, Refused } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { deliveries, subscribers } from "#db/schema/mail.ts";
import { staffNewsletterWords } from "#db/words/staff/newsletters.ts";
import { maskAddress } from "#emails/addresses.ts";
import { isUndecided, reopenIssue } from "#emails/outbox/advance-newsletters.ts";
import { isCopyOf, queuedAgain } from "#emails/outbox/outbox.ts";
import { wakeSenders } from "#emails/outbox/wake.ts";
import { ownAddress } from "#emails/recipients.ts";
import { findNewsletter, type Newsletter, writers } from "./newsletters.ts";

const { refused } = staffNewsletterWords;

/** How many are shown at once; decided ones make room for the next. */
const shownAtOnce = 100;

export interface UncertainMessage {
  id: string;
  /** "a•••@docomo.ne.jp"; null when erased. */
  recipient: string | null;
  /** Id of the reader, for their page (emails/readers/reader.ts); null when erased. */
  readerId: string | null;
  /** As the ledger has it; words for it: emails/ledger/refusal-words.ts. */
  reply: string | null;
  /** When its fate became unknown. */
  at: Date | null;
  attempts: number;
  /** When somebody decided to leave it as it is; null: nobody has decided. */
  leftAt: Date | null;
}

/**
 * The messages of an issue of unknown fate: the oldest 100 that wait for a decision, how many do in all, and those that
 * were left as they are (the latest 100). Looking is audited. Throws NotFound, Forbidden.
 */
export async function viewUncertain(
  staff: Staff,
  id: string,
): Promise<{ issue: Newsletter; undecided: UncertainMessage[]; total: number; left: UncertainMessage[] }> {
  allow(staff, ...writers);
  return transaction(async (tx) => {
    const issue = await findNewsletter(tx, id);
    const undecided = await findUncertain(tx, and(uncertainOf(id), isUndecided), asc(deliveries.finishedAt));
    const left = await findUncertain(tx, and(uncertainOf(id), sql`left_at is not null`), sql`left_at desc`);
    const [{ total } = { total: 0 }] = await tx.execute<{ total: number }>(
      sql`select count(*)::int as total from deliveries where ${uncertainOf(id)} and ${isUndecided}`,
    );
    await audit(tx, staff, "view", "delivery", null, { newsletter: id, lines: undecided.length + left.length });
    return { issue, undecided, total, left };
  });
}

/** SQL: messages of an issue of unknown fate, decided or not. */
const uncertainOf = (id: string) => sql`${isCopyOf(id)} and state = 'uncertain'`;

async function findUncertain(tx: Transaction, where: SQL | undefined, order: SQL): Promise<UncertainMessage[]> {
  const rows = await tx
    .select({
      id: deliveries.id,
      reply: deliveries.reply,
      at: deliveries.finishedAt,
      attempts: deliveries.attempts,
      leftAt: deliveries.leftAt,
      reader: { id: subscribers.id, wrappedKey: subscribers.wrappedKey, email: subscribers.email },
    })
    .from(deliveries)
    .leftJoin(subscribers, eq(subscribers.id, deliveries.subscriberId))
    .where(where)
    .orderBy(order, asc(deliveries.id))
    .limit(shownAtOnce);
  return rows.map(({ reader, ...message }) => {
    const recipient = recipientOf(reader);
    return { ...message, recipient, readerId: recipient === null ? null : (reader?.id ?? null) };
  });
}

function recipientOf(reader: Parameters<typeof ownAddress>[1] | null): string | null {
  try {
    return reader && maskAddress(ownAddress("subscribers", reader));
  } catch (error) {
    if (error instanceof NotFound) return null; // erased
    throw error;
  }
}

/** One message, or all that wait for a decision: as many as the person saw, or the press is refused. */
export type Decided = { delivery: string } | { count: number };

/**
 * Queues once more what may or may not have arrived; one that was left as it is too. Returns how many. Throws Refused
 * where there is nothing (any more) to decide, or another number than was shown, and for an issue that was cancelled.
 */
export const resendUncertain = (staff: Staff, id: string, decided: Decided): Promise<number> =>
  decide(staff, id, decided, "resend");

/** Leaves messages as they are, whether they arrived or not. Returns how many. Throws Refused as `resendUncertain`. */
export const leaveUncertain = (staff: Staff, id: string, decided: Decided): Promise<number> =>
  decide(staff, id, decided, "leave");

async function decide(staff: Staff, id: string, decided: Decided, action: "resend" | "leave"): Promise<number> {
  allow(staff, ...writers);
  return transaction(async (tx) => {
    const issue = await findNewsletter(tx, id, true);
    if (action === "resend") await reopenIssue(tx, issue);
    const isOne = "delivery" in decided;
    if (isOne && !isId(decided.delivery)) throw new NotFound("delivery");
    const chosen = isOne ? sql`id = ${decided.delivery}` : isUndecided;
    const [set, open] =
      action === "leave"
        ? [sql`left_at = ${databaseNow}`, isUndecided]
        : [queuedAgain(issue.state === "paused"), sql`true`];
    const rows = await tx.execute(
      sql`update deliveries set ${set} where ${uncertainOf(id)} and ${chosen} and ${open} returning 1`,
    );
    if (rows.length === 0) throw new Refused(refused.nothingUncertain);
    if (!isOne && rows.length !== decided.count) throw new Refused(refused.otherCount);
    await audit(tx, staff, action, "newsletter", id, { count: rows.length });
    tx.afterCommit(wakeSenders); // also finds that the issue is over now
    return rows.length;
  });
}

/**
 * Queues once more every message of an issue that was refused for good: after a limit of the sender's, or a fault of its domain, is
 * gone. `count`: how many the person saw. Returns it. Throws Refused where there are others, and for an issue that was cancelled;
 * NotFound, Forbidden.
 */
export async function resendRefusedCopies(staff: Staff, id: string, { count }: { count: number }): Promise<number> {
  allow(staff, ...writers);
  return transaction(async (tx) => {
    const issue = await findNewsletter(tx, id, true);
    await reopenIssue(tx, issue);
    const rows = await tx.execute(
      sql`update deliveries set ${queuedAgain(issue.state === "paused")} where ${isCopyOf(id)} and state = 'failed' returning 1`,
    );
    if (rows.length !== count) throw new Refused(refused.otherRefused);
    await audit(tx, staff, "resend", "newsletter", id, { count, was: "failed" });
    tx.afterCommit(wakeSenders);
    return count;
  });
}

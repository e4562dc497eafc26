/**
 * The outbox: one row per message, written in the transaction that causes it and never deleted. A
 * sender claims a row by a lease. When the sender crashes, the lease runs out, and the next sender
 * knows by it that the message may or may not have been handed over.
 */

import { eq, type SQL, sql } from "drizzle-orm";
import { databaseNow } from "#db/calendar/clock.ts";
import { db, type Executor, transaction, type Transaction } from "#db/client.ts";
import { settlePromises } from "#db/promises/settle.ts";
import { newId } from "#db/random/ids.ts";
import { deliveries } from "#db/schema/mail.ts";
import { messages } from "#db/schema/messages.ts";
import { codes } from "#db/terms/codes.ts";
import { type DeliveryKind, deliveryState, type DeliveryState } from "#db/terms/mail.ts";
import { senderDomain } from "#emails/addresses.ts";
import type { DeliverySubject } from "#emails/composers/composed.ts";
import { wakeSenders } from "./wake.ts";

export type Lane = "transactional" | "bulk";

/** A delivery that this process may send now. */
export interface Claimed extends DeliverySubject {
  id: string;
  kind: DeliveryKind;
  lane: Lane;
  messageId: string;
  /** Counts this attempt. It grows with every claim, so it also shows whether the lease is still ours. */
  attempts: number;
  repeated: boolean;
}

/**
 * What became of one attempt. `unreachable`: there was no conversation with the mail server, or none
 * with the database, so the attempt does not count. `uncertain`: the connection was lost when the text
 * may already have been handed over.
 */
export interface Outcome {
  state: "accepted" | "retry" | "failed" | "unreachable" | "uncertain" | "suppressed" | "cancelled";
  /** Reply code and enhanced status, "250 2.0.0". */
  reply?: string | undefined;
}

/** Waiting times in milliseconds; tests and drills pass shorter ones. */
export interface Delays {
  /** After the first, second, … refusal for now (4xx); the last one repeats. */
  retry: readonly number[];
  /** From queueing until a message that is always refused for now counts as failed. */
  giveUp: number;
  /** Before a transactional message of unknown fate goes out again. */
  uncertain: number;
}

const minute = 60_000;
export const defaultDelays: Delays = {
  retry: [minute / 2, 2 * minute, 10 * minute, 60 * minute, 360 * minute],
  giveUp: 2 * 24 * 60 * minute,
  uncertain: minute,
};

/** Length of a lease, by the database's clock. A sender gives up an attempt well before. */
export const leaseSeconds = 60;

/** How often a transactional message of unknown fate is repeated at most: a receipt must arrive, but not be sent without end. */
const maxRepeats = 3;

/** Newsletters have a lane of their own, so that ten thousand of them never delay a receipt. */
export const laneOf = (kind: DeliveryKind): Lane => (kind === "newsletter" ? "bulk" : "transactional");

/** The Message-ID (RFC 5322), fixed when the message is queued, so that a mail program recognises a repeat as the same message. */
export const messageIdFor = (deliveryId: string) => `<${deliveryId}@${senderDomain()}>`;

interface QueueOptions {
  /** Not to be sent before this time; absent: at once. */
  dueAt?: Date | undefined;
  /** Why it is only recorded, as `cancelled`, and never sent; stands as the reply in the ledger. */
  withheld?: string | undefined;
  /** The refused mail that this one sends again to a corrected address. Each can be named once. */
  resentFromId?: string;
}

/**
 * Queues one message inside the caller's transaction; returns its id. Senders are woken after the commit.
 * The statement is the same with every option, so that the time of an answer does not tell whoever sent
 * a form whether a mail was withheld.
 */
export async function enqueue(
  tx: Transaction,
  message: DeliverySubject & QueueOptions & { kind: DeliveryKind },
): Promise<string> {
  const { withheld, dueAt, ...subject } = message;
  const id = newId();
  await tx.insert(deliveries).values({
    id,
    lane: laneOf(subject.kind),
    messageId: messageIdFor(id),
    ...subject,
    state: withheld === undefined ? "queued" : "cancelled",
    queuedAt: databaseNow,
    dueAt: sql`coalesce(${dueAt?.toISOString() ?? null}::timestamptz, ${databaseNow})`,
    finishedAt: sql`case when ${withheld !== undefined}::boolean then ${databaseNow} end`,
    reply: withheld ?? null,
  });
  tx.afterCommit(wakeSenders);
  return id;
}

const columns = sql`d.id, d.kind, d.lane, d.message_id as "messageId", d.lead_id as "leadId", d.grant_id as "grantId",
  d.subscriber_id as "subscriberId", d.newsletter_id as "newsletterId", d.invitation_id as "invitationId",
  d.staff_id as "staffId", d.about_message_id as "aboutMessageId", d.attempts, d.repeated`;

/** SQL: whether a message of unknown fate is repeated by itself: always once, and at most `maxRepeats` times. Newsletters never are. */
const mayRepeat = sql`(d.lane = 'transactional' and (not d.repeated or d.attempts <= ${sql.raw(String(maxRepeats))}))`;

/**
 * Leases up to `limit` messages of a lane, in due order; parallel senders skip each other's rows. A lease
 * that ran out is a crashed sender's: a transactional message is claimed anew and marked as repeated, a
 * newsletter becomes `uncertain`, for a person to decide.
 */
export async function claim(lane: Lane, limit: number): Promise<Claimed[]> {
  const rows = await db.execute<Claimed & Record<string, unknown>>(sql`
    with lost as (
      select d.id, ${mayRepeat} as again from deliveries d
      where d.lane = ${lane} and d.state = 'leased' and d.leased_until < ${databaseNow}
      order by d.leased_until limit ${limit} for update skip locked
    ), given_up as (
      update deliveries d set state = 'uncertain', leased_until = null, finished_at = ${databaseNow}, reply = 'sender died'
      from lost where d.id = lost.id and not lost.again
    ), due as (
      select d.id from deliveries d
      where d.lane = ${lane} and d.state in ('queued', 'retry') and d.due_at <= ${databaseNow}
      order by d.due_at, d.id limit ${limit} for update skip locked
    ), mine as (
      select id, true as again from lost where again
      union all select id, false from due
      limit ${limit}
    )
    update deliveries d
    set state = 'leased', attempts = d.attempts + 1, repeated = d.repeated or mine.again,
        leased_until = ${databaseNow} + make_interval(secs => ${leaseSeconds})
    from mine where d.id = mine.id
    returning ${columns}`);
  return [...rows];
}

/**
 * Writes the outcome of an attempt and ends its lease. Does nothing when another sender has claimed the
 * message since, except that `accepted` also replaces an `uncertain` of the same attempt. What the outcome of the
 * notice of a reply means for what is owed to the family is written in the same transaction.
 */
export async function finish(
  claimed: Claimed,
  outcome: Outcome,
  delays: Delays = defaultDelays,
  now = new Date(),
): Promise<void> {
  const statement = outcomeStatement(claimed, outcome, delays);
  if (claimed.kind !== "reply_notice") return void (await db.execute(statement));
  await transaction(async (tx) => {
    const [written] = await tx.execute(sql`${statement} returning d.id`);
    if (written !== undefined) await settleNoticeOfReply(tx, claimed, now);
  });
}

/** A refused notice opens the promise that its reply had kept; an accepted one keeps it again (db/promises/settle.ts). */
async function settleNoticeOfReply(tx: Transaction, { aboutMessageId }: Claimed, now: Date): Promise<void> {
  if (!aboutMessageId) return;
  const [reply] = await tx.select({ caseId: messages.caseId }).from(messages).where(eq(messages.id, aboutMessageId));
  if (reply) await settlePromises(tx, reply.caseId, now);
}

function outcomeStatement(claimed: Claimed, outcome: Outcome, delays: Delays): SQL {
  const retryAfter = delays.retry[Math.min(claimed.attempts, delays.retry.length) - 1] ?? minute;
  const jittered = Math.round(retryAfter * (0.8 + 0.4 * Math.random()));
  const later = (ms: number) => sql`${databaseNow} + make_interval(secs => ${ms / 1000}::float8)`;
  const isLate = sql`d.queued_at < ${databaseNow} - make_interval(secs => ${delays.giveUp / 1000}::float8)`;
  const next = {
    accepted: sql`state = 'accepted', finished_at = ${databaseNow}`,
    failed: sql`state = 'failed', finished_at = ${databaseNow}`,
    suppressed: sql`state = 'suppressed', finished_at = ${databaseNow}`,
    cancelled: sql`state = 'cancelled', finished_at = ${databaseNow}`,
    // Not counted as an attempt and due at once: the sender's back-off decides when it tries again.
    unreachable: sql`state = case when d.attempts = 1 then 'queued' else 'retry' end, attempts = d.attempts - 1`,
    retry: sql`state = case when ${isLate} then 'failed' else 'retry' end, due_at = ${later(jittered)},
               finished_at = case when ${isLate} then ${databaseNow} end`,
    uncertain: sql`state = case when ${mayRepeat} then 'retry' else 'uncertain' end, due_at = ${later(delays.uncertain)},
               finished_at = case when not ${mayRepeat} then ${databaseNow} end, repeated = d.repeated or ${mayRepeat}`,
  }[outcome.state];
  const isOurs = outcome.state === "accepted" ? sql`d.state in ('leased', 'uncertain')` : sql`d.state = 'leased'`;
  return sql`
    update deliveries d set ${next}, leased_until = null, reply = ${outcome.reply ?? null}
    where d.id = ${claimed.id} and d.attempts = ${claimed.attempts} and ${isOurs}`;
}

export type LedgerCounts = Record<DeliveryState, number>;

/** How many messages are in each state, with 0 for the others; of one newsletter (without its test mails), of the given kinds, or of all. */
export async function ledgerCounts(
  of: { newsletterId?: string; kinds?: readonly DeliveryKind[] } = {},
  from: Executor = db,
): Promise<LedgerCounts> {
  const conditions = [
    of.newsletterId === undefined ? sql`true` : sql`newsletter_id = ${of.newsletterId} and kind = 'newsletter'`,
    of.kinds === undefined ? sql`true` : sql`kind in ${[...of.kinds]}`,
  ];
  const rows = await from.execute<{ state: DeliveryState; count: number }>(
    sql`select state, count(*)::int as count from deliveries where ${sql.join(conditions, sql` and `)} group by state`,
  );
  const byState = new Map(rows.map((row) => [row.state, row.count]));
  return Object.fromEntries(codes(deliveryState).map((state) => [state, byState.get(state) ?? 0])) as LedgerCounts;
}

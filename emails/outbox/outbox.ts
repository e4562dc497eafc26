/**
 * The outbox: one row per message, written in the transaction that causes it and never deleted. A
 * sender claims a row by a lease, and marks it before the text goes out (mark.ts). When the sender crashes, the lease runs
 * out, and the next sender knows by the mark whether the message may have been handed over.
 */

import { type SQL, sql } from "drizzle-orm";
import { databaseNow, databaseNowSql } from "#db/calendar/clock.ts";
import { db, type Executor, prepareNamed, type Transaction } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { deliveries } from "#db/schema/mail.ts";
import { codes } from "#db/terms/codes.ts";
import { type DeliveryKind, deliveryState, type DeliveryState } from "#db/terms/mail.ts";
import { senderDomain } from "#emails/addresses.ts";
import type { DeliverySubject, Reader } from "#emails/composers/composed.ts";
import { isConfirmedSql, isSuppressedSql, readerJoinsSql } from "./reader.ts";
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

/** A pause is longer or shorter by up to this share of it, so that not all who wait come back at once. */
const jitter = 0.2;

/** Milliseconds until the next attempt after so many failures in a row, by the pauses after each; the last one repeats. */
export function pauseAfter(failures: number, pausesMs: readonly number[]): number {
  const usual = pausesMs[Math.min(failures, pausesMs.length) - 1] ?? 0;
  return usual * (1 - jitter + 2 * jitter * Math.random());
}

/** The longest that `pauseAfter` makes of a pause of one millisecond. */
export const longestPause = 1 + jitter;

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

/** SQL: whether a message of unknown fate is repeated by itself: always once, and at most `maxRepeats` times. Newsletters never are. */
export const mayRepeat = `(d.lane = 'transactional' and (not d.repeated or d.attempts <= ${maxRepeats}))`;

/**
 * SQL: what is set where somebody decides that a message goes out once more; parked while its issue is paused. `attempts`
 * goes on, so that a sender whose lease has run out is still known by it. What may have arrived is marked as repeated.
 */
export const queuedAgain = (isPaused: boolean): SQL => sql`
  state = 'queued', repeated = repeated or state = 'uncertain', finished_at = null, left_at = null, handing_over_at = null,
  queued_at = ${databaseNow}, due_at = ${isPaused ? sql`'infinity'` : databaseNow}`;

/** SQL: the state of a message `d` that goes back to the queue as if this attempt had not been. */
export const stateBefore = `case when d.attempts = 1 then 'queued' else 'retry' end`;

/** SQL: the end of a lease that begins now. */
export const leaseEnd = `${databaseNowSql} + make_interval(secs => ${leaseSeconds})`;

/** SQL: whether a row of `deliveries` is a copy of this issue, and no test mail of it. */
export const isCopyOf = (newsletterId: string): SQL =>
  sql`(deliveries.newsletter_id = ${newsletterId} and deliveries.kind = 'newsletter')`;

/** SQL: not of an issue that somebody has paused or stopped. */
const isNotHalted = `(d.kind <> 'newsletter' or d.newsletter_id is null or d.newsletter_id <> all (
  array(select id from newsletters where state in ('paused', 'cancelled'))))`;

const claimDue = prepareNamed<Omit<Claimed, "reader"> & Reader>(`
  with lost as (
    select d.id, d.handing_over_at is not null as handed, ${mayRepeat} as repeatable from deliveries d
    where d.lane = :lane::text and d.state = 'leased' and d.leased_until < ${databaseNowSql}
    order by d.leased_until limit :limit::int for update skip locked
  ), given_up as (
    update deliveries d set state = 'uncertain', leased_until = null, finished_at = ${databaseNowSql}, reply = 'sender died'
    from lost where d.id = lost.id and handed and not repeatable
  ), due as (
    select d.id from deliveries d
    where d.lane = :lane::text and d.state in ('queued', 'retry') and d.due_at <= ${databaseNowSql} and ${isNotHalted}
    order by d.due_at, d.id limit :limit::int for update skip locked
  ), mine as (
    select id, handed as again from lost where not handed or repeatable
    union all select id, false from due
    limit :limit::int
  ), claimed as (
    update deliveries d
    set state = 'leased', attempts = d.attempts + 1, repeated = d.repeated or mine.again,
        leased_until = ${leaseEnd}, handing_over_at = null
    from mine where d.id = mine.id
    returning d.*
  )
  select d.id, d.kind, d.lane, d.message_id as "messageId", d.lead_id as "leadId", d.grant_id as "grantId",
    d.subscriber_id as "subscriberId", d.newsletter_id as "newsletterId", d.invitation_id as "invitationId",
    d.staff_id as "staffId", d.about_message_id as "aboutMessageId", d.attempts, d.repeated,
    n.version || ' ' || l.reply_to || ' ' || l.name as "issueState", r.wrapped_key as "wrappedKey", r.email, p.id as "subscriptionId",
    ${isConfirmedSql} as "isConfirmed", ${isSuppressedSql} as "isSuppressed"
  from claimed d ${readerJoinsSql} left join lists l on l.id = n.list_id
  order by d.due_at, d.id`);

/**
 * Leases up to `limit` messages of a lane, in due order; parallel senders skip each other's rows. A lease that ran out is a
 * crashed sender's. Without the mark of `markHandingOver` nothing was sent, and the message is claimed like any other.
 * With it, a transactional message is claimed anew and marked as repeated, and a newsletter becomes `uncertain`, for a person to
 * decide. A newsletter comes with its reader.
 */
export async function claimBatch(lane: Lane, limit: number): Promise<Claimed[]> {
  const rows = await claimDue({ lane, limit });
  return rows.map(({ issueState, wrappedKey, email, subscriptionId, isConfirmed, isSuppressed, ...delivery }) => ({
    ...delivery,
    reader:
      delivery.kind === "newsletter"
        ? { issueState, wrappedKey, email, subscriptionId, isConfirmed, isSuppressed }
        : null,
  }));
}

export type LedgerCounts = Record<DeliveryState, number>;

/** How many messages are in each state, with 0 for the others; of one newsletter (without its test mails), of the given kinds, or of all. */
export async function ledgerCounts(
  of: { newsletterId?: string; kinds?: readonly DeliveryKind[] } = {},
  from: Executor = db,
): Promise<LedgerCounts> {
  const conditions = [
    of.newsletterId === undefined ? sql`true` : isCopyOf(of.newsletterId),
    of.kinds === undefined ? sql`true` : sql`kind in ${[...of.kinds]}`,
  ];
  const rows = await from.execute<{ state: DeliveryState; count: number }>(
    sql`select state, count(*)::int as count from deliveries where ${sql.join(conditions, sql` and `)} group by state`,
  );
  const byState = new Map(rows.map((row) => [row.state, row.count]));
  return Object.fromEntries(codes(deliveryState).map((state) => [state, byState.get(state) ?? 0])) as LedgerCounts;
}

/**
 * Unsubscribing: one press stops one list or everything at once, without a login or a question first (RFC 8058,
 * 特定電子メール法 第3条). A reason may be given afterwards and need not be.
 *
 * A link is of one of two kinds. Those in mails of before stop everything, as those mails said; those of today name one
 * subscription and stop its list, and the page behind them offers everything as the second choice.
 */

import { and, asc, eq, getTableColumns, lt, ne, sql } from "drizzle-orm";
import { audit, type Staff } from "#db/actor.ts";
import { appendTombstone } from "#db/backup/logs.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { NotFound, firstOrNotFound, Refused } from "#db/errors.ts";
import { lists, subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import type { Locale } from "#db/terms/locale.ts";
import type { unsubscribeReason } from "#db/terms/mail.ts";
import { idFromToken, tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { readingState } from "./confirmation-mail.ts";
import type { ListName } from "./lists.ts";
import { lockSubscriber } from "./subscriptions.ts";

export type UnsubscribeReason = keyof typeof unsubscribeReason;

/** What the page behind an unsubscribe link shows. */
export interface Unsubscription {
  /** `left`: the list of the link is stopped, others are still read. `stopped`: everything is. */
  state: "reading" | "left" | "stopped" | "unknown";
  /** The list whose mail held the link; absent behind a link that stops everything. */
  list?: ListName;
  /** With `list`: what else this person reads. */
  others?: ListName[];
  /** With `list`: what else this person asked for and can still confirm. */
  waiting?: ListName[];
  /** Token of the preferences page, for those who only want fewer mails; absent for an erased person. */
  preferences?: string;
  /** The reason given, if any. */
  reason?: UnsubscribeReason;
  /** Of the person; Japanese where there is none. */
  locale: Locale;
}

/** Whom a link is of, and which of their subscriptions; without one it is of everything. */
interface Target {
  subscriberId: string;
  subscriptionId: string | undefined;
}

async function targetOf(tx: Executor, token: string): Promise<Target | undefined> {
  const subscriberId = idFromToken("unsubscribe", token);
  if (subscriberId !== undefined) return { subscriberId, subscriptionId: undefined };
  const subscriptionId = idFromToken("leave_list", token);
  if (subscriptionId === undefined) return undefined;
  const [row] = await tx
    .select({ subscriberId: subscriptions.subscriberId })
    .from(subscriptions)
    .where(eq(subscriptions.id, subscriptionId));
  return row && { ...row, subscriptionId };
}

/** The target of a token; throws NotFound for a forged one. */
async function requireTarget(tx: Executor, token: string): Promise<Target> {
  const target = await targetOf(tx, token);
  if (!target) throw new NotFound("no such subscriber");
  return target;
}

/** The state behind an unsubscribe link. Changes nothing: link scanners open it too. */
export async function describeUnsubscription(token: string, now = new Date()): Promise<Unsubscription> {
  const target = await targetOf(db, token);
  const rows = target === undefined ? [] : await latestFirst(db, target.subscriberId);
  const [latest] = rows;
  if (!latest) return { state: "unknown", locale: "ja" };
  const own = rows.find(({ id }) => id === target?.subscriptionId);
  const active = rows.filter((row) => readingState(row, now) !== "no");
  const othersThat = (state: "reading" | "waiting") =>
    active.filter((row) => row !== own && readingState(row, now) === state).map(({ list }) => list);
  const { locale } = latest;
  const shown = {
    ...(latest.isErased ? {} : { preferences: tokenForId("preferences", latest.subscriberId) }),
    ...(own && { list: own.list, others: othersThat("reading"), waiting: othersThat("waiting") }),
    locale,
  };
  if (own === undefined ? active.length > 0 : active.includes(own)) return { state: "reading", ...shown };
  const isAll = active.length === 0;
  const reason = (isAll ? latest : own)?.unsubscribeReason;
  return { state: isAll ? "stopped" : "left", ...shown, ...(reason && { reason }) };
}

/** Every subscription of a person with its list: those that were ended last first, then the lists' order. */
const latestFirst = (tx: Executor, subscriberId: string) =>
  tx
    .select({
      ...getTableColumns(subscriptions),
      list: { slug: lists.slug, name: lists.name },
      locale: subscribers.locale,
      isErased: sql<boolean>`${subscribers.wrappedKey} is null`,
    })
    .from(subscriptions)
    .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .where(eq(subscriptions.subscriberId, subscriberId))
    .orderBy(sql`${subscriptions.unsubscribedAt} desc nulls last`, asc(lists.position));

/** Does what the link says: stops the list of its mail, or everything (links of before). A second call changes nothing. Throws NotFound for a forged token. */
export async function unsubscribe(token: string, now = new Date()): Promise<void> {
  await transaction(async (tx) => {
    const { subscriberId, subscriptionId } = await requireTarget(tx, token);
    if (subscriptionId === undefined) await unsubscribeAll(tx, subscriberId, now);
    else await leaveList(tx, { subscriberId, subscriptionId }, now);
  });
}

/** Stops everything, by a link of either kind; a second call changes nothing. Throws NotFound for a forged token. */
export async function unsubscribeFromEverything(token: string, now = new Date()): Promise<void> {
  await transaction(async (tx) => unsubscribeAll(tx, (await requireTarget(tx, token)).subscriberId, now));
}

/**
 * Ends one subscription inside the caller's transaction, and suppresses nothing: the person reads on what else they chose.
 * `by`: the member of staff who does it for them; `detail` goes into the trail. Ending it again changes nothing.
 */
export async function leaveList(
  tx: Executor,
  { subscriberId, subscriptionId }: { subscriberId: string; subscriptionId: string },
  now: Date,
  by: Pick<Staff, "id"> | null = null,
  detail: { form?: string } = {},
): Promise<void> {
  await lockSubscriber(tx, subscriberId);
  const stopped = await tx
    .update(subscriptions)
    .set({ state: "unsubscribed", unsubscribedAt: now })
    .where(and(eq(subscriptions.id, subscriptionId), ne(subscriptions.state, "unsubscribed")))
    .returning({ id: subscriptions.id });
  if (stopped.length === 0) return;
  await audit(tx, by, "unsubscribe", "subscription", subscriptionId, detail);
  // A restored backup must not write to somebody about a list that they have left since.
  appendTombstone({ at: now.toISOString(), leftList: subscriptionId });
}

/**
 * Unsubscribes a person from every list and suppresses the address, inside the caller's transaction; a second call changes
 * nothing. `by`: the member of staff who does it for them. Throws NotFound for an unknown id.
 */
export async function unsubscribeAll(
  tx: Executor,
  subscriberId: string,
  now: Date,
  by: Pick<Staff, "id"> | null = null,
): Promise<void> {
  const { emailIndex } = await lockSubscriber(tx, subscriberId);
  const stopped = await tx
    .update(subscriptions)
    .set({ state: "unsubscribed", unsubscribedAt: now })
    .where(and(eq(subscriptions.subscriberId, subscriberId), ne(subscriptions.state, "unsubscribed")))
    .returning({ id: subscriptions.id });
  const isSuppressed = emailIndex !== null && (await suppressOnRequest(tx, emailIndex));
  if (stopped.length === 0 && !isSuppressed) return;
  for (const { id } of stopped) await audit(tx, by, "unsubscribe", "subscription", id);
  // They had left one list after the other, which alone suppresses nothing.
  if (stopped.length === 0) await audit(tx, by, "suppress", "subscriber", subscriberId);
  // A restored backup must not write to somebody who has left since.
  appendTombstone({ at: now.toISOString(), left: subscriberId });
}

/** Returns whether the address was not suppressed before. */
async function suppressOnRequest(tx: Executor, emailIndex: Buffer): Promise<boolean> {
  const added = await tx
    .insert(suppressions)
    .values({ emailIndex, reason: "request" })
    .onConflictDoNothing({ target: suppressions.emailIndex })
    .returning({ reason: suppressions.reason });
  return added.length > 0;
}

/** What a tombstone says that somebody left: everything, or the list of one subscription. */
export type LeftAgain = { subscriberId: string } | { subscriptionId: string };

/**
 * Unsubscribes again whom a restored backup still takes for a reader, though they left at this moment, later than they
 * subscribed. Returns whether it had to.
 */
export async function unsubscribeAgain(left: LeftAgain, leftAt: Date): Promise<boolean> {
  return transaction(async (tx) => {
    const isTheirs =
      "subscriberId" in left
        ? eq(subscriptions.subscriberId, left.subscriberId)
        : eq(subscriptions.id, left.subscriptionId);
    const [stands] = await tx
      .select({ id: subscriptions.id, subscriberId: subscriptions.subscriberId })
      .from(subscriptions)
      .where(and(isTheirs, ne(subscriptions.state, "unsubscribed"), lt(subscriptions.requestedAt, leftAt)));
    if (!stands) return false;
    if ("subscriberId" in left) await unsubscribeAll(tx, left.subscriberId, leftAt);
    else await leaveList(tx, { subscriberId: stands.subscriberId, subscriptionId: stands.id }, leftAt);
    return true;
  });
}

/**
 * Saves the reason for unsubscribing on what was ended: on the list of the link or, once everything is, on what was ended
 * last. A second answer replaces the first. Throws NotFound for a forged token, Refused while what the link is of is not
 * ended: the reason must never look like a condition.
 */
export async function saveUnsubscribeReason(token: string, reason: UnsubscribeReason): Promise<void> {
  await transaction(async (tx) => {
    const { subscriberId, subscriptionId } = await requireTarget(tx, token);
    const { locale } = await lockSubscriber(tx, subscriberId);
    const rows = await latestFirst(tx, subscriberId);
    const isAll = rows.every(({ state }) => state === "unsubscribed");
    const answered = isAll ? firstOrNotFound(rows) : rows.find(({ id }) => id === subscriptionId);
    if (answered?.state !== "unsubscribed" || answered.unsubscribedAt === null)
      throw new Refused(wordsIn(locale).subscription.leave.notStopped);
    for (const { id, unsubscribedAt } of rows) {
      if (unsubscribedAt?.getTime() !== answered.unsubscribedAt.getTime()) continue;
      await tx.update(subscriptions).set({ unsubscribeReason: reason }).where(eq(subscriptions.id, id));
      await audit(tx, null, "give_reason", "subscription", id);
    }
  });
}

/**
 * Unsubscribing: one press stops everything at once, without a login or a question first (RFC 8058,
 * 特定電子メール法 第3条). A reason may be given afterwards and need not be.
 */

import { and, eq, getTableColumns, lt, ne, sql } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { appendNow } from "#db/backup/logs.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { NotFound, firstOrNotFound, Refused } from "#db/errors.ts";
import { subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import type { Locale } from "#db/terms/locale.ts";
import type { unsubscribeReason } from "#db/terms/mail.ts";
import { idFromToken, tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";

export type UnsubscribeReason = keyof typeof unsubscribeReason;

/** What the page behind an unsubscribe link shows. */
export interface Unsubscription {
  state: "reading" | "stopped" | "unknown";
  /** Token of the preferences page, for those who only want fewer mails. */
  preferences?: string;
  /** The reason given, if any. */
  reason?: UnsubscribeReason;
  /** Of the person; Japanese where there is none. */
  locale: Locale;
}

/** The state behind an unsubscribe link. Changes nothing: link scanners open it too. */
export async function describeUnsubscription(token: string): Promise<Unsubscription> {
  const subscriberId = idFromToken("unsubscribe", token);
  const rows = subscriberId === undefined ? [] : await latestFirst(db, subscriberId);
  const [latest] = rows;
  if (!latest) return { state: "unknown", locale: "ja" };
  const { locale } = latest;
  const preferences = tokenForId("preferences", latest.subscriberId);
  if (rows.some(({ state }) => state !== "unsubscribed")) return { state: "reading", preferences, locale };
  return {
    state: "stopped",
    preferences,
    locale,
    ...(latest.unsubscribeReason && { reason: latest.unsubscribeReason }),
  };
}

const latestFirst = (tx: Executor, subscriberId: string) =>
  tx
    .select({ ...getTableColumns(subscriptions), locale: subscribers.locale })
    .from(subscriptions)
    .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
    .where(eq(subscriptions.subscriberId, subscriberId))
    .orderBy(sql`${subscriptions.unsubscribedAt} desc nulls last`);

/** Unsubscribes this person from every list and suppresses the address; a second call changes nothing. Throws NotFound for a forged token. */
export async function unsubscribe(token: string, now = new Date()): Promise<void> {
  const subscriberId = idFromToken("unsubscribe", token);
  if (subscriberId === undefined) throw new NotFound("no such subscriber");
  await transaction((tx) => unsubscribeAll(tx, subscriberId, now));
}

/** `unsubscribe` inside the caller's transaction, by the subscriber's id. Throws NotFound for an unknown one. */
export async function unsubscribeAll(tx: Executor, subscriberId: string, now: Date): Promise<void> {
  const subscriber = firstOrNotFound(
    await tx.select().from(subscribers).where(eq(subscribers.id, subscriberId)).for("update"),
  );
  const stopped = await tx
    .update(subscriptions)
    .set({ state: "unsubscribed", unsubscribedAt: now })
    .where(and(eq(subscriptions.subscriberId, subscriberId), ne(subscriptions.state, "unsubscribed")))
    .returning({ id: subscriptions.id });
  if (stopped.length === 0) return;
  if (subscriber.emailIndex)
    await tx
      .insert(suppressions)
      .values({ emailIndex: subscriber.emailIndex, reason: "request" })
      .onConflictDoNothing({ target: suppressions.emailIndex });
  for (const { id } of stopped) await audit(tx, null, "unsubscribe", "subscription", id);
  // A restored backup must not write to somebody who has left since.
  appendNow("tombstones", { at: now.toISOString(), left: subscriberId });
}

/**
 * Unsubscribes again whom a restored backup still takes for a reader, though they left at this moment, later than they subscribed.
 * Returns whether it had to.
 */
export async function unsubscribeAgain(subscriberId: string, leftAt: Date): Promise<boolean> {
  return transaction(async (tx) => {
    const stands = await tx
      .select({ id: subscriptions.id })
      .from(subscriptions)
      .where(
        and(
          eq(subscriptions.subscriberId, subscriberId),
          ne(subscriptions.state, "unsubscribed"),
          lt(subscriptions.requestedAt, leftAt),
        ),
      );
    if (stands.length > 0) await unsubscribeAll(tx, subscriberId, leftAt);
    return stands.length > 0;
  });
}

/**
 * Saves the reason for unsubscribing on the subscriptions that were ended last; a second answer replaces
 * the first. Throws NotFound for a forged token, Refused while a subscription is not ended: the reason
 * must never look like a condition.
 */
export async function saveUnsubscribeReason(token: string, reason: UnsubscribeReason): Promise<void> {
  const subscriberId = idFromToken("unsubscribe", token);
  if (subscriberId === undefined) throw new NotFound("no such subscriber");
  await transaction(async (tx) => {
    const { locale } = firstOrNotFound(
      await tx.select().from(subscribers).where(eq(subscribers.id, subscriberId)).for("update"),
    );
    const rows = await latestFirst(tx, subscriberId);
    const latest = firstOrNotFound(rows).unsubscribedAt?.getTime();
    if (rows.some(({ state }) => state !== "unsubscribed") || latest === undefined)
      throw new Refused(wordsIn(locale).subscription.leave.notStopped);
    for (const { id, unsubscribedAt } of rows) {
      if (unsubscribedAt?.getTime() !== latest) continue;
      await tx.update(subscriptions).set({ unsubscribeReason: reason }).where(eq(subscriptions.id, id));
      await audit(tx, null, "give_reason", "subscription", id);
    }
  });
}

/** The way out: one press, for good, and only afterwards one question that nobody has to answer. */

import { and, eq, ne, sql } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { NotFound, firstOrNotFound, Refused } from "#db/errors.ts";
import { subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import type { unsubscribeReason } from "#db/terms/mail.ts";
import { idFromToken, tokenForId } from "#db/vault/vault.ts";

export type UnsubscribeReason = keyof typeof unsubscribeReason;

/** What the page behind an unsubscribe link has to say. */
export interface Unsubscription {
  state: "reading" | "stopped" | "unknown";
  /** Opens the choice of lists, for those who only want less. */
  preferences?: string;
  /** What the person said when asked why. */
  reason?: UnsubscribeReason;
}

/** Looks at an unsubscribe link without changing anything. */
export async function describeUnsubscription(token: string): Promise<Unsubscription> {
  const subscriberId = idFromToken("unsubscribe", token);
  const rows = subscriberId === undefined ? [] : await latestFirst(db, subscriberId);
  const [latest] = rows;
  if (!latest) return { state: "unknown" };
  const preferences = tokenForId("preferences", latest.subscriberId);
  if (rows.some(({ state }) => state !== "unsubscribed")) return { state: "reading", preferences };
  return { state: "stopped", preferences, ...(latest.unsubscribeReason && { reason: latest.unsubscribeReason }) };
}

const latestFirst = (tx: Executor, subscriberId: string) =>
  tx
    .select()
    .from(subscriptions)
    .where(eq(subscriptions.subscriberId, subscriberId))
    .orderBy(sql`${subscriptions.unsubscribedAt} desc nulls last`);

/** Stops every list of this person, at once and for good; again is no error. Throws NotFound for a foreign token. */
export async function unsubscribe(token: string, now = new Date()): Promise<void> {
  const subscriberId = idFromToken("unsubscribe", token);
  if (subscriberId === undefined) throw new NotFound("no such subscriber");
  await transaction((tx) => unsubscribeAll(tx, subscriberId, now));
}

/** The same inside a transaction of the caller's. */
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
}

/**
 * Keeps why somebody left, on what they stopped last; answering again replaces the answer. Throws
 * NotFound for a foreign token, Refused while anything is still read: nobody owes a reason first.
 */
export async function saveUnsubscribeReason(token: string, reason: UnsubscribeReason): Promise<void> {
  const subscriberId = idFromToken("unsubscribe", token);
  if (subscriberId === undefined) throw new NotFound("no such subscriber");
  await transaction(async (tx) => {
    firstOrNotFound(await tx.select().from(subscribers).where(eq(subscribers.id, subscriberId)).for("update"));
    const rows = await latestFirst(tx, subscriberId);
    const latest = firstOrNotFound(rows).unsubscribedAt?.getTime();
    if (rows.some(({ state }) => state !== "unsubscribed") || latest === undefined)
      throw new Refused("配信はまだ止まっていません。止めるのに理由はいりません。");
    for (const { id, unsubscribedAt } of rows) {
      if (unsubscribedAt?.getTime() !== latest) continue;
      await tx.update(subscriptions).set({ unsubscribeReason: reason }).where(eq(subscriptions.id, id));
      await audit(tx, null, "give_reason", "subscription", id);
    }
  });
}

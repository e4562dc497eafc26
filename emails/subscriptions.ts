/**
 * Double opt-in: an address becomes a reader only when its owner presses a button behind a link that
 * was mailed to it. What was agreed to, when and on which form is kept as proof (特定電子メール法 第3条).
 */
import { and, eq, ne, sql } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { Gone, NotFound, one } from "#db/errors.ts";
import { newId } from "#db/schema/columns.ts";
import { consentTexts, lists, subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import { idFromToken, newDataKey, seal } from "#db/vault.ts";
import { addressIndex, plainAddress } from "./addresses.ts";
import { enqueue } from "./outbox.ts";

const day = 86_400_000;
const confirmWithin = 7 * day;
/** No second confirmation mail within this time, so that nobody can flood a stranger's inbox. */
const quietFor = 10 * 60_000;

/**
 * Starts, or starts again, the double opt-in of one address inside the caller's transaction. Returns
 * the queued delivery, or undefined when nothing is to be sent (a reader already, or asked just now);
 * callers must not let the asker see the difference.
 */
export async function requestSubscription(
  tx: Executor,
  wish: {
    email: string;
    /** Path of the form that asked. */
    form: string;
    /** The sentence it showed; kept as it stood. */
    consent: string;
    now?: Date;
  },
): Promise<string | undefined> {
  const { form, consent, now = new Date() } = wish;
  const subscriberId = await findOrAdd(tx, plainAddress(wish.email), now);
  const list = one(await tx.select().from(lists).where(eq(lists.slug, "news")));
  const [current] = await tx
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.subscriberId, subscriberId), eq(subscriptions.listId, list.id)));
  if (current?.state === "confirmed") return undefined;
  if (current?.state === "pending" && now.getTime() - current.requestedAt.getTime() < quietFor) return undefined;
  const request = {
    state: "pending" as const,
    consentTextId: await consentId(tx, consent),
    form,
    requestedAt: now,
    expiresAt: new Date(now.getTime() + confirmWithin),
    confirmedAt: null,
    unsubscribedAt: null,
  };
  const { id } = one(
    await tx
      .insert(subscriptions)
      .values({ subscriberId, listId: list.id, ...request })
      .onConflictDoUpdate({ target: [subscriptions.subscriberId, subscriptions.listId], set: request })
      .returning({ id: subscriptions.id }),
  );
  await audit(tx, null, "request", "subscription", id, { form });
  return enqueue(tx, { kind: "confirmation", subscriberId });
}

/** The subscriber with this address, locked, so that two requests at once send one mail. */
async function findOrAdd(tx: Executor, email: string, now: Date): Promise<string> {
  const id = newId();
  const { key, wrapped } = newDataKey(`subscribers.wrapped_key.${id}`);
  const emailIndex = addressIndex(email);
  const sealed = seal(key, email, `subscribers.email.${id}`);
  await tx
    .insert(subscribers)
    .values({ id, wrappedKey: wrapped, email: sealed, emailIndex, createdAt: now })
    .onConflictDoNothing({ target: subscribers.emailIndex });
  const found = tx.select({ id: subscribers.id }).from(subscribers).where(eq(subscribers.emailIndex, emailIndex));
  return one(await found.for("update")).id;
}

async function consentId(tx: Executor, body: string): Promise<string> {
  await tx.insert(consentTexts).values({ body }).onConflictDoNothing({ target: consentTexts.body });
  const found = tx.select({ id: consentTexts.id }).from(consentTexts).where(eq(consentTexts.body, body));
  return one(await found).id;
}

/** What the page behind a confirmation link has to say. */
export type Confirmation = "pending" | "confirmed" | "expired" | "unknown";

/** Looks at a confirmation link without changing anything. */
export async function describeConfirmation(token: string, now = new Date()): Promise<Confirmation> {
  const id = idFromToken("confirm", token);
  if (id === undefined) return "unknown";
  const [row] = await db.select().from(subscriptions).where(eq(subscriptions.id, id));
  if (!row) return "unknown";
  if (row.state === "confirmed") return "confirmed";
  return row.state === "pending" && row.expiresAt > now ? "pending" : "expired";
}

/**
 * The button behind the link. Pressing it twice does no harm. A fresh yes lifts an earlier "stop" or
 * complaint of the same person, but not a bounce. Throws NotFound for a foreign token, Gone when the
 * link is past its date or was followed by an unsubscription.
 */
export async function confirmSubscription(token: string, now = new Date()): Promise<void> {
  const id = idFromToken("confirm", token);
  if (id === undefined) throw new NotFound("no such confirmation");
  await db.transaction(async (tx) => {
    const row = one(
      await tx
        .select({ state: subscriptions.state, expiresAt: subscriptions.expiresAt, emailIndex: subscribers.emailIndex })
        .from(subscriptions)
        .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
        .where(eq(subscriptions.id, id))
        .for("update", { of: subscriptions }),
    );
    if (row.state === "confirmed") return;
    if (row.state !== "pending" || row.expiresAt <= now)
      throw new Gone("この確認リンクは期限が切れています。お手数ですが、もう一度お申し込みください。");
    await tx.update(subscriptions).set({ state: "confirmed", confirmedAt: now }).where(eq(subscriptions.id, id));
    if (row.emailIndex)
      await tx
        .delete(suppressions)
        .where(and(eq(suppressions.emailIndex, row.emailIndex), ne(suppressions.reason, "bounce")));
    await audit(tx, null, "confirm", "subscription", id);
  });
}

/** Looks at an unsubscribe link without changing anything. */
export async function describeUnsubscription(token: string): Promise<"reading" | "stopped" | "unknown"> {
  const subscriberId = idFromToken("unsubscribe", token);
  if (subscriberId === undefined) return "unknown";
  const rows = await db
    .select({ state: subscriptions.state })
    .from(subscriptions)
    .where(eq(subscriptions.subscriberId, subscriberId));
  if (rows.length === 0) return "unknown";
  return rows.some(({ state }) => state !== "unsubscribed") ? "reading" : "stopped";
}

/** Stops every list of this person, at once and for good; again is no error. Throws NotFound for a foreign token. */
export async function unsubscribe(token: string, now = new Date()): Promise<void> {
  const subscriberId = idFromToken("unsubscribe", token);
  if (subscriberId === undefined) throw new NotFound("no such subscriber");
  await db.transaction(async (tx) => {
    const subscriber = one(await tx.select().from(subscribers).where(eq(subscribers.id, subscriberId)).for("update"));
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
  });
}

/** How many people a sending would reach now. */
export async function countReaders(listId: string, from: Executor = db): Promise<number> {
  const [row] = await from
    .select({ count: sql<number>`count(*)::int` })
    .from(subscriptions)
    .where(and(eq(subscriptions.listId, listId), eq(subscriptions.state, "confirmed")));
  return row?.count ?? 0;
}

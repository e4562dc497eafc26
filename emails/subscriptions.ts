/**
 * Double opt-in: an address becomes a reader only when its owner presses a button behind a link that
 * was mailed to it. What was agreed to, when and on which form is kept as proof (特定電子メール法 第3条).
 */
import { and, asc, eq, gt, ne, sql } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { Gone, NotFound, one } from "#db/errors.ts";
import { newId } from "#db/schema/columns.ts";
import { consentTexts, lists, subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import { idFromToken, newDataKey, seal, tokenForId } from "#db/vault.ts";
import { addressIndex, plainAddress } from "./addresses.ts";
import { chosenLists, usualList } from "./lists.ts";
import { enqueue } from "./outbox.ts";

const day = 86_400_000;
const confirmWithin = 7 * day;
/** No second confirmation mail about one list within this time, so that nobody can flood a stranger's inbox. */
const quietFor = 10 * 60_000;

/**
 * Starts, or starts again, the double opt-in of one address inside the caller's transaction. Returns
 * the queued delivery, one for all lists together, or undefined when nothing is to be sent (a reader
 * of all of them already, or asked just now); callers must not let the asker see the difference.
 * Throws Invalid for a list that does not exist.
 */
export async function requestSubscription(
  tx: Executor,
  wish: {
    email: string;
    /** Slugs of the lists wished for. */
    lists?: readonly string[];
    /** Path of the form that asked. */
    form: string;
    /** The sentence it showed; kept as it stood. */
    consent: string;
    now?: Date;
  },
): Promise<string | undefined> {
  const { form, consent, now = new Date() } = wish;
  const wanted = await chosenLists(tx, wish.lists ?? [usualList]);
  const subscriberId = await findOrAdd(tx, plainAddress(wish.email), now);
  const current = await tx.select().from(subscriptions).where(eq(subscriptions.subscriberId, subscriberId));
  const isOpen = (listId: string) => {
    const row = current.find((one) => one.listId === listId);
    if (row?.state === "pending") return now.getTime() - row.requestedAt.getTime() >= quietFor;
    return row?.state !== "confirmed";
  };
  const open = wanted.filter(({ id }) => isOpen(id));
  if (open.length === 0) return undefined;
  const consentTextId = await keepConsent(tx, consent);
  const request = {
    state: "pending" as const,
    consentTextId,
    form,
    requestedAt: now,
    expiresAt: new Date(now.getTime() + confirmWithin),
    confirmedAt: null,
    unsubscribedAt: null,
    unsubscribeReason: null,
  };
  for (const list of open) {
    const id = await put(tx, { subscriberId, listId: list.id, ...request });
    await audit(tx, null, "request", "subscription", id, { form, list: list.slug });
  }
  return enqueue(tx, { kind: "confirmation", subscriberId });
}

/** Writes what is now true between a person and a list; returns the subscription's id. */
export async function put(tx: Executor, row: typeof subscriptions.$inferInsert): Promise<string> {
  const { subscriberId: _who, listId: _list, ...set } = row;
  const written = await tx
    .insert(subscriptions)
    .values(row)
    .onConflictDoUpdate({ target: [subscriptions.subscriberId, subscriptions.listId], set })
    .returning({ id: subscriptions.id });
  return one(written).id;
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

/** The id of these exact words, which stay as they are even when the page says others later. */
export async function keepConsent(tx: Executor, body: string): Promise<string> {
  await tx.insert(consentTexts).values({ body }).onConflictDoNothing({ target: consentTexts.body });
  const found = tx.select({ id: consentTexts.id }).from(consentTexts).where(eq(consentTexts.body, body));
  return one(await found).id;
}

/** A fresh yes lifts an earlier "stop" or complaint of the same person, but not a bounce. */
export async function liftSuppression(tx: Executor, emailIndex: Buffer | null): Promise<void> {
  if (emailIndex === null) return;
  await tx.delete(suppressions).where(and(eq(suppressions.emailIndex, emailIndex), ne(suppressions.reason, "bounce")));
}

/** What the page behind a confirmation link has to say. */
export interface Confirmation {
  state: "pending" | "confirmed" | "expired" | "unknown";
  /** Names of the lists that the button would confirm, or that are read already. */
  lists: string[];
  /** Opens the choice of lists, once the address has proved itself. */
  preferences?: string;
}

/** Looks at a confirmation link without changing anything. */
export async function describeConfirmation(token: string, now = new Date()): Promise<Confirmation> {
  const id = idFromToken("confirm", token);
  const [row] = id === undefined ? [] : await db.select().from(subscriptions).where(eq(subscriptions.id, id));
  if (!row) return { state: "unknown", lists: [] };
  const waiting = await waitingBehind(db, row, now);
  if (waiting.length > 0) return { state: "pending", lists: waiting.map(({ name }) => name) };
  if (row.state !== "confirmed") return { state: "expired", lists: [] };
  const read = await db
    .select({ name: lists.name })
    .from(subscriptions)
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .where(and(eq(subscriptions.subscriberId, row.subscriberId), eq(subscriptions.state, "confirmed")))
    .orderBy(asc(lists.position));
  const names = read.map(({ name }) => name);
  return { state: "confirmed", lists: names, preferences: tokenForId("preferences", row.subscriberId) };
}

/**
 * What one press confirms: everything this person had asked for when the link was made and has not
 * confirmed yet. What somebody asks for later, perhaps a stranger, waits for a mail of its own.
 */
function waitingBehind(tx: Executor, row: { id: string; subscriberId: string }, now: Date) {
  return tx
    .select({ id: subscriptions.id, name: lists.name })
    .from(subscriptions)
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .where(
      and(
        eq(subscriptions.subscriberId, row.subscriberId),
        eq(subscriptions.state, "pending"),
        sql`${subscriptions.requestedAt} <= (select requested_at from subscriptions where id = ${row.id})`,
        gt(subscriptions.expiresAt, now),
      ),
    )
    .orderBy(asc(lists.position));
}

/**
 * The button behind the link. Pressing it twice does no harm. Throws NotFound for a foreign token,
 * Gone when the link is past its date or was followed by an unsubscription.
 */
export async function confirmSubscription(token: string, now = new Date()): Promise<void> {
  const id = idFromToken("confirm", token);
  if (id === undefined) throw new NotFound("no such confirmation");
  await db.transaction(async (tx) => {
    const { subscriberId } = one(await tx.select().from(subscriptions).where(eq(subscriptions.id, id)));
    const subscriber = one(await tx.select().from(subscribers).where(eq(subscribers.id, subscriberId)).for("update"));
    const row = one(await tx.select().from(subscriptions).where(eq(subscriptions.id, id)));
    const waiting = await waitingBehind(tx, row, now);
    if (waiting.length === 0 && row.state !== "confirmed")
      throw new Gone("この確認リンクは期限が切れています。お手数ですが、もう一度お申し込みください。");
    if (waiting.length === 0) return;
    for (const one of waiting) {
      await tx.update(subscriptions).set({ state: "confirmed", confirmedAt: now }).where(eq(subscriptions.id, one.id));
      await audit(tx, null, "confirm", "subscription", one.id);
    }
    await liftSuppression(tx, subscriber.emailIndex);
  });
}

/**
 * Double opt-in: a subscription counts only when the owner of the address presses a button behind a link
 * that was mailed to it. What was agreed to, when and on which form is kept as proof of consent
 * (特定電子メール法 第3条).
 */

import { and, asc, eq, gt, ne, sql } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { type Executor, db, transaction, type Transaction } from "#db/client.ts";
import { Gone, NotFound, firstOrNotFound } from "#db/errors.ts";
import { readableAddress } from "#db/formats/mail-address.ts";
import { newId } from "#db/random/ids.ts";
import { consentTexts, lists, subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import type { Locale } from "#db/terms/locale.ts";
import { idFromToken, tokenForId } from "#db/vault/tokens.ts";
import { newDataKey, seal } from "#db/vault/vault.ts";
import { wordsIn } from "#db/words/words.ts";
import { addressIndex } from "#emails/addresses.ts";
import { confirmationBeforeCorrection } from "#emails/limits.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { confirmWithin, nextConfirmation, nothingToConfirm, readingState } from "./confirmation-mail.ts";
import { chosenLists, defaultList, type ListName, requirePublic } from "./lists.ts";

export interface SubscriptionRequest {
  email: string;
  /** Slugs of the lists to subscribe to; absent: the newsletter. */
  lists?: readonly string[];
  /** Path of the form that was sent. */
  form: string;
  /** The consent sentence that the form showed, word for word. */
  consent: string;
  /** The language of the form. */
  locale: Locale;
  now?: Date;
}

/**
 * Starts, or starts again, the double opt-in of one address inside the caller's transaction. One mail
 * confirms all lists together, and an address gets at most one in `confirmationEvery` (emails/limits.ts): what is requested
 * sooner is confirmed by a mail that is queued now and due when the limit allows. No mail is queued when
 * every list is confirmed already, or when a recent or queued mail covers the request.
 *
 * The sender of the form may not own the address and must not learn from the time it takes whether
 * somebody subscribed under it: for a known and an unknown address the same statements run and the same
 * tables gain a row. Returns the delivery's id, or undefined when no mail is sent. Throws Invalid for a
 * list that does not exist.
 */
export async function requestSubscription(tx: Transaction, input: SubscriptionRequest): Promise<string | undefined> {
  const { form, now = new Date() } = input;
  const wanted = await chosenLists(tx, input.lists ?? [defaultList], "lists", input.locale);
  requirePublic(wanted, input.locale);
  const consentTextId = await saveConsent(tx, input.consent);
  const { id: subscriberId, confirmationMailAt, locale } = await upsertSubscriber(tx, input.email, now);
  const current = await tx.select().from(subscriptions).where(eq(subscriptions.subscriberId, subscriberId));
  const { dueAt, isPlanned } = nextConfirmation(confirmationMailAt, now);
  const expiresAt = new Date(dueAt.getTime() + confirmWithin);
  let isNeeded = false;
  for (const list of wanted) {
    const row = current.find(({ listId }) => listId === list.id);
    const isWaiting = readingState(row, now) === "waiting";
    // A request that still waits has its mail already; another is sent only when the rate limit allows one now.
    const isOpen = isWaiting ? dueAt <= now : row?.state !== "confirmed";
    // Such a request keeps its time: a link confirms only what was requested before it (findWaiting).
    const request = isWaiting && row ? { ...row, expiresAt } : { consentTextId, form, requestedAt: now, expiresAt };
    const id = row?.id ?? newId();
    await upsertRequest(tx, { ...request, id, subscriberId, listId: list.id }, isOpen);
    await audit(tx, null, "request", "subscription", id, { form, list: list.slug });
    isNeeded ||= isOpen;
  }
  const isMailed = isNeeded && !isPlanned;
  await tx
    .update(subscribers)
    .set({
      confirmationMailAt: isMailed ? dueAt : confirmationMailAt,
      // A reader who has confirmed keeps their language: anybody may send this form.
      locale: current.some(({ state }) => state === "confirmed") ? locale : input.locale,
    })
    .where(eq(subscribers.id, subscriberId));
  const when = isMailed ? { dueAt: dueAt > now ? dueAt : undefined } : { withheld: nothingToConfirm };
  const delivery = await enqueue(tx, { kind: "confirmation", subscriberId, ...when });
  return isMailed ? delivery : undefined;
}

/** Writes a request. Unless `isOpen`, the same statement runs without changing the row that is there: its timing must not show the difference. */
async function upsertRequest(
  tx: Executor,
  row: Omit<typeof subscriptions.$inferInsert, "state">,
  isOpen: boolean,
): Promise<void> {
  const { id, subscriberId, listId, consentTextId, form, requestedAt, expiresAt } = row;
  const request = { state: "pending" as const, consentTextId, form, requestedAt, expiresAt };
  await tx
    .insert(subscriptions)
    .values({ id, subscriberId, listId, ...request })
    .onConflictDoUpdate({
      target: [subscriptions.subscriberId, subscriptions.listId],
      set: { ...request, confirmedAt: null, unsubscribedAt: null, unsubscribeReason: null },
      setWhere: sql`${isOpen}::boolean`,
    });
}

/** Inserts or replaces the subscription of one person to one list; returns its id. */
export async function upsertSubscription(tx: Executor, row: typeof subscriptions.$inferInsert): Promise<string> {
  const { subscriberId: _who, listId: _list, ...set } = row;
  const written = await tx
    .insert(subscriptions)
    .values(row)
    .onConflictDoUpdate({ target: [subscriptions.subscriberId, subscriptions.listId], set })
    .returning({ id: subscriptions.id });
  return firstOrNotFound(written).id;
}

/**
 * Finds or inserts the subscriber with this address and locks the row, so that two parallel requests send one mail. One
 * statement: its update, which changes nothing, waits for an erasure or a correction under way, and PostgreSQL inserts the
 * row after all when the address is gone then.
 */
async function upsertSubscriber(tx: Executor, email: string, now: Date) {
  const rows = await tx
    .insert(subscribers)
    .values({ ...sealedSubscriber(email), createdAt: now })
    .onConflictDoUpdate({
      target: subscribers.emailIndex,
      set: { confirmationMailAt: sql`${subscribers.confirmationMailAt}` },
    })
    .returning({
      id: subscribers.id,
      confirmationMailAt: subscribers.confirmationMailAt,
      locale: subscribers.locale,
    });
  return firstOrNotFound(rows);
}

/** The subscriber of this id, locked until the transaction ends. Throws NotFound for an unknown one. */
export const lockSubscriber = async (tx: Executor, id: string) =>
  firstOrNotFound(await tx.select().from(subscribers).where(eq(subscribers.id, id)).for("update"));

/** A new subscriber's row: the address sealed as people read it, what finds it, and when it was last asked to confirm. */
export function sealedSubscriber(address: string) {
  const id = newId();
  const { key, wrapped } = newDataKey("subscribers.wrapped_key", id);
  const email = seal(key, readableAddress(address), "subscribers.email", id);
  const emailIndex = addressIndex(address);
  return {
    ...{ id, wrappedKey: wrapped, email, emailIndex },
    confirmationMailAt: confirmationBeforeCorrection(emailIndex),
  };
}

/** The id of the row that holds exactly this consent sentence; it stays when the page's wording changes later. */
export async function saveConsent(tx: Executor, body: string): Promise<string> {
  await tx.insert(consentTexts).values({ body }).onConflictDoNothing({ target: consentTexts.body });
  const found = tx.select({ id: consentTexts.id }).from(consentTexts).where(eq(consentTexts.body, body));
  return firstOrNotFound(await found).id;
}

/** Deletes an earlier suppression by request or complaint, since the same person has consented anew. A bounce stays: consent does not make the mailbox exist. */
export async function liftSuppression(tx: Executor, emailIndex: Buffer | null): Promise<void> {
  if (emailIndex === null) return;
  await tx.delete(suppressions).where(and(eq(suppressions.emailIndex, emailIndex), ne(suppressions.reason, "bounce")));
}

const listed = ({ slug, name }: ListName): ListName => ({ slug, name });

/** What the page behind a confirmation link shows. */
export interface Confirmation {
  state: "pending" | "confirmed" | "expired" | "unknown";
  /** The lists that the button would confirm or, once it was pressed, that are confirmed. */
  lists: ListName[];
  /** Token of the preferences page; only once the address is confirmed. */
  preferences?: string;
  /** Of the person; Japanese where there is none. */
  locale: Locale;
}

/** The state behind a confirmation link. Changes nothing, so a link scanner may open it. */
export async function describeConfirmation(token: string, now = new Date()): Promise<Confirmation> {
  const id = idFromToken("confirm", token);
  const [found] =
    id === undefined
      ? []
      : await db
          .select({ row: subscriptions, locale: subscribers.locale })
          .from(subscriptions)
          .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
          .where(eq(subscriptions.id, id));
  if (!found) return { state: "unknown", lists: [], locale: "ja" };
  const { row, locale } = found;
  const waiting = await findWaiting(db, row, now);
  if (waiting.length > 0) return { state: "pending", lists: waiting.map(listed), locale };
  if (row.state !== "confirmed") return { state: "expired", lists: [], locale };
  const read = await db
    .select({ slug: lists.slug, name: lists.name })
    .from(subscriptions)
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .where(and(eq(subscriptions.subscriberId, row.subscriberId), eq(subscriptions.state, "confirmed")))
    .orderBy(asc(lists.position));
  return { state: "confirmed", lists: read, preferences: tokenForId("preferences", row.subscriberId), locale };
}

/**
 * What one press of the button confirms: every request of this person that is still open and was made
 * before the link was. A later request may be a stranger's and needs a mail of its own.
 */
function findWaiting(tx: Executor, row: { id: string; subscriberId: string }, now: Date) {
  return tx
    .select({ id: subscriptions.id, slug: lists.slug, name: lists.name })
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
 * Confirms the subscriptions behind a link; called by the button on its page. A second press changes
 * nothing. Throws NotFound for a forged token, Gone when the link has expired or the person has
 * unsubscribed since.
 */
export async function confirmSubscription(token: string, now = new Date()): Promise<void> {
  const id = idFromToken("confirm", token);
  if (id === undefined) throw new NotFound("no such confirmation");
  await transaction(async (tx) => {
    const { subscriberId } = firstOrNotFound(await tx.select().from(subscriptions).where(eq(subscriptions.id, id)));
    const subscriber = await lockSubscriber(tx, subscriberId);
    const row = firstOrNotFound(await tx.select().from(subscriptions).where(eq(subscriptions.id, id)));
    const waiting = await findWaiting(tx, row, now);
    if (waiting.length === 0 && row.state !== "confirmed")
      throw new Gone(wordsIn(subscriber.locale).subscription.confirm.titles.expired);
    if (waiting.length === 0) return;
    for (const subscription of waiting) {
      await tx
        .update(subscriptions)
        .set({ state: "confirmed", confirmedAt: now })
        .where(eq(subscriptions.id, subscription.id));
      await audit(tx, null, "confirm", "subscription", subscription.id);
    }
    await liftSuppression(tx, subscriber.emailIndex);
  });
}

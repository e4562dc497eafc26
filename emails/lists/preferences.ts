/** The preferences page behind a link in every issue: which lists to read. Whoever holds the link has received a mail there, which proves the address. */

import { eq } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { db, transaction } from "#db/client.ts";
import { NotFound } from "#db/errors.ts";
import { subscribers, subscriptions } from "#db/schema/mail.ts";
import type { Locale } from "#db/terms/locale.ts";
import { idFromToken, tokenForId } from "#db/vault/tokens.ts";
import { maskAddress } from "#emails/addresses.ts";
import { ownAddress } from "#emails/recipients.ts";
import { readingState } from "./confirmation-mail.ts";
import { chosenLists, readLists, requirePublic } from "./lists.ts";
import { liftSuppression, lockSubscriber, saveConsent, upsertSubscription } from "./subscriptions.ts";
import { leaveList, unsubscribeAll } from "./unsubscribe.ts";

/** The form named in the proof of consent and in the audit; without the token, which is a secret. */
const form = "/newsletter/preferences";

export interface Preferences {
  /** Masked: enough to recognise one's own address, useless to anybody else who sees the page. */
  address: string;
  lists: { slug: string; name: string; description: string; state: "reading" | "waiting" | "no" }[];
  locale: Locale;
  /** Of the link /u/TOKEN, which stops everything. */
  unsubscribeToken: string;
}

/** Every list with this person's state in it. Changes nothing, so a link scanner may open it. Undefined for a forged token or an erased person. */
export async function describePreferences(token: string, now = new Date()): Promise<Preferences | undefined> {
  const subscriberId = idFromToken("preferences", token);
  const [subscriber] =
    subscriberId === undefined ? [] : await db.select().from(subscribers).where(eq(subscribers.id, subscriberId));
  if (!subscriber || subscriber.wrappedKey === null) return undefined;
  const rows = await db.select().from(subscriptions).where(eq(subscriptions.subscriberId, subscriber.id));
  const stateOf = (listId: string) =>
    readingState(
      rows.find((row) => row.listId === listId),
      now,
    );
  const all = await readLists();
  return {
    address: maskAddress(ownAddress("subscribers", subscriber)),
    // A list that is not public is shown to those alone who are on it.
    lists: all
      .filter(({ id, isPublic }) => isPublic || stateOf(id) !== "no")
      .map(({ id, slug, name, description }) => ({ slug, name, description, state: stateOf(id) })),
    locale: subscriber.locale,
    unsubscribeToken: tokenForId("unsubscribe", subscriber.id),
  };
}

/**
 * Makes the ticked lists, by slug, the ones this person reads. A newly ticked list is confirmed at once,
 * with the page's sentence, `consent`, as proof; one that was read and is not ticked is unsubscribed; one
 * that waits for its confirmation mail and is not ticked goes on waiting. Nothing ticked unsubscribes
 * from everything, as the link /u/TOKEN does. Throws NotFound for a forged token or an erased person,
 * Invalid for a list that does not exist.
 */
export async function savePreferences(
  token: string,
  slugs: readonly string[],
  consent: string,
  now = new Date(),
): Promise<{ isUnsubscribed: false } | { isUnsubscribed: true; unsubscribeToken: string }> {
  const subscriberId = idFromToken("preferences", token);
  if (subscriberId === undefined) throw new NotFound("no such subscriber");
  return transaction(async (tx) => {
    const subscriber = await lockSubscriber(tx, subscriberId);
    if (subscriber.wrappedKey === null) throw new NotFound("erased");
    const chosen = await chosenLists(tx, slugs, "lists", subscriber.locale);
    if (chosen.length === 0) {
      await unsubscribeAll(tx, subscriberId, now);
      return { isUnsubscribed: true, unsubscribeToken: tokenForId("unsubscribe", subscriberId) };
    }
    const rows = await tx.select().from(subscriptions).where(eq(subscriptions.subscriberId, subscriberId));
    const reading = rows.filter((row) => readingState(row, now) === "reading");
    const asked = rows.filter((row) => readingState(row, now) === "waiting");
    for (const { id, listId } of reading) {
      if (chosen.some((list) => list.id === listId)) continue;
      await leaveList(tx, { subscriberId, subscriptionId: id }, now, null, { form });
    }
    const added = chosen.filter((list) => !reading.some(({ listId }) => listId === list.id));
    if (added.length === 0) return { isUnsubscribed: false };
    // Whoever had asked before a list was closed to the public is offered it still.
    const isAsked = ({ id }: { id: string }) => asked.some(({ listId }) => listId === id);
    requirePublic(
      added.filter((list) => !isAsked(list)),
      subscriber.locale,
    );
    const consentTextId = await saveConsent(tx, consent);
    const confirmed = { state: "confirmed" as const, consentTextId, form, requestedAt: now, expiresAt: now };
    const dates = { confirmedAt: now, unsubscribedAt: null, unsubscribeReason: null };
    for (const list of added) {
      const id = await upsertSubscription(tx, { subscriberId, listId: list.id, ...confirmed, ...dates });
      await audit(tx, null, "confirm", "subscription", id, { form, list: list.slug });
    }
    await liftSuppression(tx, subscriber.emailIndex);
    return { isUnsubscribed: false };
  });
}

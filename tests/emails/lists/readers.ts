/** One reader and their subscriptions, as the tests of double opt-in, preferences and unsubscribing see them. */

import { asc, eq } from "drizzle-orm";
import { db, transaction } from "#db/client.ts";
import { consentTexts, lists, subscriptions, suppressions } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { requestSubscription } from "#emails/lists/subscriptions.ts";

export const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);
export const hanako = "hanako@example.jp";

/** Requests a subscription as the form does; without lists, the newsletter. */
export const request = (slugs?: string[], now = at("03:00"), email = hanako) =>
  transaction((tx) =>
    requestSubscription(tx, {
      email,
      ...(slugs && { lists: slugs }),
      form: "/newsletter",
      consent: wordsIn("ja").consents.newsletter,
      locale: "ja",
      now,
    }),
  );

/** Every subscription with its list and the words agreed to, in the lists' order. */
export const rows = () =>
  db
    .select({
      id: subscriptions.id,
      subscriberId: subscriptions.subscriberId,
      list: lists.slug,
      state: subscriptions.state,
      consent: consentTexts.body,
      form: subscriptions.form,
      confirmedAt: subscriptions.confirmedAt,
      unsubscribedAt: subscriptions.unsubscribedAt,
      reason: subscriptions.unsubscribeReason,
    })
    .from(subscriptions)
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .innerJoin(consentTexts, eq(consentTexts.id, subscriptions.consentTextId))
    .orderBy(asc(lists.position));

/** "list: state" of each. */
export const states = async () => (await rows()).map(({ list, state }) => `${list}: ${state}`);

/** The links of the one person there is. */
export async function links() {
  const all = await rows();
  const [{ subscriberId } = { subscriberId: "" }] = all;
  return {
    subscriberId,
    stop: tokenForId("unsubscribe", subscriberId),
    preferences: tokenForId("preferences", subscriberId),
    confirm: (list: string) => tokenForId("confirm", all.find((row) => row.list === list)?.id ?? ""),
  };
}

export const suppressed = async () => (await db.select().from(suppressions)).map(({ reason }) => reason);

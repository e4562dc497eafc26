/** Mails to people who read, or asked to read, the newsletter. */

import { and, desc, eq, type SQL } from "drizzle-orm";
import { db } from "#db/client.ts";
import { lists, newsletters, subscribers, subscriptions } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { readMaterial } from "#emails/markdown/material.ts";
import { ownAddress } from "#emails/recipients.ts";
import { confirmationMail } from "#emails/templates/confirmation.ts";
import { newsletterMail } from "#emails/templates/newsletter.ts";
import { type Composer, isSuppressed, required } from "./composed.ts";

/** One link for everything that waits for a confirmation; what had lapsed before the latest request is left out. */
export const composeConfirmation: Composer = async ({ subscriberId }) => {
  const rows = await findSubscriptions(
    and(eq(subscribers.id, required(subscriberId)), eq(subscriptions.state, "pending")),
    "bounce",
  );
  const [row] = rows;
  if (!row) return "cancelled";
  if (row.isSuppressed) return "suppressed";
  const waiting = rows.filter(({ expiresAt }) => expiresAt > row.requestedAt);
  const content = await confirmationMail({
    token: tokenForId("confirm", row.subscriptionId),
    locale: row.locale,
    lists: waiting
      .toSorted((a, b) => a.position - b.position)
      .map(({ slug, name }) => wordsIn(row.locale).newsletter.lists[slug]?.name ?? name),
    expiresAt: new Date(Math.min(...waiting.map(({ expiresAt }) => expiresAt.getTime()))),
  });
  return { to: [ownAddress("subscribers", row)], content };
};

/** To a reader whose subscription is still confirmed; any suppression at all keeps the newsletter back. */
export const composeNewsletter: Composer = async ({ subscriberId, newsletterId }) => {
  const [issue] = await db
    .select()
    .from(newsletters)
    .where(eq(newsletters.id, required(newsletterId)));
  if (!issue) return "cancelled";
  const [row] = await findSubscriptions(
    and(
      eq(subscribers.id, required(subscriberId)),
      eq(subscriptions.listId, issue.listId),
      eq(subscriptions.state, "confirmed"),
    ),
  );
  if (!row) return "cancelled";
  if (row.isSuppressed) return "suppressed";
  const content = await newsletterMail({
    ...issue,
    material: await readMaterial(issue.body),
    list: row,
    unsubscribeToken: tokenForId("leave_list", row.subscriptionId),
    preferencesToken: tokenForId("preferences", row.id),
  });
  return { to: [ownAddress("subscribers", row)], content };
};

/** Subscriptions with their reader and list, latest request first. `reason`: the one that counts as suppressed. */
async function findSubscriptions(where: SQL | undefined, reason?: "bounce") {
  return db
    .select({
      id: subscribers.id,
      locale: subscribers.locale,
      subscriptionId: subscriptions.id,
      requestedAt: subscriptions.requestedAt,
      expiresAt: subscriptions.expiresAt,
      slug: lists.slug,
      name: lists.name,
      replyTo: lists.replyTo,
      position: lists.position,
      wrappedKey: subscribers.wrappedKey,
      email: subscribers.email,
      isSuppressed: isSuppressed(subscribers.emailIndex, reason),
    })
    .from(subscriptions)
    .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .where(where)
    .orderBy(desc(subscriptions.requestedAt), desc(subscriptions.id));
}

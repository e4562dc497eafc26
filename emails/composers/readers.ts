/** Mails to people who read, or asked to read, the newsletter. */

import { and, desc, eq, type SQL } from "drizzle-orm";
import { db } from "#db/client.ts";
import { lists, subscribers, subscriptions } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { bouncesSql } from "#emails/audience.ts";
import { ownAddress } from "#emails/recipients.ts";
import { confirmationMail } from "#emails/templates/confirmation.ts";
import { type Composer, required } from "./composed.ts";
import { filledIn, issueContentOf, valuesFor } from "./issue-content.ts";

/** One link for everything that waits for a confirmation; what had lapsed before the latest request is left out. */
export const composeConfirmation: Composer = async ({ subscriberId }) => {
  const rows = await findSubscriptions(
    and(eq(subscribers.id, required(subscriberId)), eq(subscriptions.state, "pending")),
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

/**
 * To a reader whose subscription is still confirmed; any suppression at all keeps the newsletter back. Asks nothing of the
 * database: the issue's content is rendered once, and the reader came with the claim.
 */
export const composeNewsletter: Composer = async ({ subscriberId, newsletterId, reader }) => {
  if (!reader?.isConfirmed) return "cancelled";
  if (reader.isSuppressed) return "suppressed";
  const id = required(subscriberId);
  const shared = await issueContentOf(required(newsletterId), reader.issueState);
  if (shared === undefined) return "cancelled";
  const values = valuesFor({ subscriberId: id, subscriptionId: required(reader.subscriptionId) });
  const to = [ownAddress("subscribers", { id, wrappedKey: reader.wrappedKey, email: reader.email })];
  return { to, content: filledIn(shared, values), copy: { content: shared, values } };
};

/** Subscriptions with their reader and list, latest request first. */
async function findSubscriptions(where: SQL | undefined) {
  return db
    .select({
      id: subscribers.id,
      locale: subscribers.locale,
      subscriptionId: subscriptions.id,
      requestedAt: subscriptions.requestedAt,
      expiresAt: subscriptions.expiresAt,
      slug: lists.slug,
      name: lists.name,
      position: lists.position,
      wrappedKey: subscribers.wrappedKey,
      email: subscribers.email,
      isSuppressed: bouncesSql(subscribers.emailIndex),
    })
    .from(subscriptions)
    .innerJoin(subscribers, eq(subscribers.id, subscriptions.subscriberId))
    .innerJoin(lists, eq(lists.id, subscriptions.listId))
    .where(where)
    .orderBy(desc(subscriptions.requestedAt), desc(subscriptions.id));
}

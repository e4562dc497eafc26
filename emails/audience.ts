/** Who an issue is sent to: the one rule for the number on the button, the page of the readers and the sending itself. */

import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/** SQL: whether the subscription in the table of this name is confirmed; null where there is none. */
export const confirmedSql = (subscription: string): string => `(${subscription}.state = 'confirmed')`;

/** SQL: whether anything at all keeps the address of the subscriber in the table of this name from being written to. */
export const suppressedSql = (subscriber: string): string =>
  `exists (select from suppressions x where x.email_index = ${subscriber}.email_index)`;

/**
 * SQL: whether an earlier mail to the address with this blind index bounced, so that even a mail that somebody waits for,
 * such as a receipt, is not sent. Who only stopped the newsletter still gets those.
 */
export const bouncesSql = (emailIndex: SQLWrapper): SQL<boolean> =>
  sql<boolean>`exists (select from suppressions s where s.email_index = ${emailIndex} and s.reason = 'bounce')`;

/**
 * SQL: whether the subscription `s` of the subscriber `p` is read: confirmed, and nothing keeps the address from being
 * written to. It is asked once more when each mail is composed, since somebody may leave until then.
 */
export const isInAudience = sql<boolean>`${sql.raw(`(${confirmedSql("s")} and not ${suppressedSql("p")})`)}`;

/** SQL: a subselect of `subscriber_id`, the audience of an issue for this list now. */
export const audienceOf = (listId: string): SQL => sql`(
  select s.subscriber_id from subscriptions s join subscribers p on p.id = s.subscriber_id
  where s.list_id = ${listId} and ${isInAudience})`;

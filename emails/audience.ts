/** Who an issue is sent to: the one rule for the number on the button, the page of the readers and the sending itself. */

import { type SQL, sql } from "drizzle-orm";

/**
 * SQL: whether the subscription `s` of the subscriber `p` is read: confirmed, and nothing keeps the address from being
 * written to. It is asked once more when each mail is composed, since somebody may leave until then.
 */
export const isInAudience = sql<boolean>`(s.state = 'confirmed'
  and not exists (select from suppressions x where x.email_index = p.email_index))`;

/** SQL: a subselect of `subscriber_id`, the audience of an issue for this list now. */
export const audienceOf = (listId: string): SQL => sql`(
  select s.subscriber_id from subscriptions s join subscribers p on p.id = s.subscriber_id
  where s.list_id = ${listId} and ${isInAudience})`;

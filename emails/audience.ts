/** To whom an issue goes: the one rule, for the number on the button and for the moment at which the sending begins. */

import { type SQL, sql } from "drizzle-orm";

/** SQL: a subquery with the subscribers (`subscriber_id`) to whom an issue for this list would go now: those who have confirmed. */
export const audienceOf = (listId: string): SQL => sql`(
  select s.subscriber_id from subscriptions s where s.list_id = ${listId} and s.state = 'confirmed')`;

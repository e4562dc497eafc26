/** SQL about the reader of a newsletter `d` of the outbox: for the claim, and for the moment before it goes out. */

import { confirmedSql, suppressedSql } from "#emails/audience.ts";

/** Joins the issue, the reader, and the subscription to the list; nothing to mails of other kinds. */
export const readerJoinsSql = `
  left join newsletters n on n.id = d.newsletter_id and d.kind = 'newsletter'
  left join subscribers r on r.id = d.subscriber_id and d.kind = 'newsletter'
  left join subscriptions p on p.subscriber_id = r.id and p.list_id = n.list_id`;

export const isConfirmedSql = `coalesce(${confirmedSql("p")}, false)`;

export const isSuppressedSql = suppressedSql("r");

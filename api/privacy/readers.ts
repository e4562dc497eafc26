/** Which readers of the newsletter are forgotten, and when. */

import { sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { keepProofYears, keepUnconfirmedDays } from "#db/terms/privacy.ts";

/**
 * Ids of readers whose time is over: those who never confirmed anything, `keepUnconfirmedDays` after the last mail with the
 * link (which worked for seven of them), and those who left every list, `keepProofYears` after the last mail of any kind
 * that may have reached them. Somebody who got issues and then asked anew without confirming has left. What suppresses an
 * address stays: it is the keyed hash alone.
 */
export async function forgottenReaders(now: Date, most: number): Promise<string[]> {
  const moment = sql`${now.toISOString()}::timestamptz`;
  const rows = await db.execute<{ id: string }>(sql`
    with gone as materialized (
      select p.id, coalesce(p.confirmation_mail_at, p.created_at) as asked_at,
        coalesce(bool_or(s.confirmed_at is not null), false) as has_confirmed, max(s.unsubscribed_at) as left_at
      from subscribers p left join subscriptions s on s.subscriber_id = p.id
      where p.wrapped_key is not null
      group by p.id
      having not coalesce(bool_or(s.state = 'confirmed'
        or (s.state = 'pending' and s.expires_at > ${moment})), false)
    ), mails as (
      select subscriber_id as id, max(finished_at) as at, bool_or(kind = 'newsletter') as has_issue
      from deliveries where subscriber_id in (select id from gone) and state in ('accepted', 'uncertain')
      group by subscriber_id
    )
    select gone.id from gone left join mails using (id)
    where case when has_confirmed or coalesce(has_issue, false)
      then coalesce(mails.at, left_at, asked_at) < ${moment} - make_interval(years => ${keepProofYears})
      else asked_at < ${moment} - make_interval(days => ${keepUnconfirmedDays}) end
    order by gone.id limit ${most}`);
  return rows.map(({ id }) => id);
}

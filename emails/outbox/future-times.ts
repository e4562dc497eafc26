/**
 * Times of the outbox after the database's clock was set back. What was written before lies further ahead than it ever
 * could: a killed sender's lease would hold its message, and a queued one would wait, until it is that late again.
 */

import { sql } from "drizzle-orm";
import { databaseNow } from "#db/calendar/clock.ts";
import { db } from "#db/client.ts";
import { type Delays, defaultDelays, leaseEnd, longestPause } from "./outbox.ts";

/** Moves such times to where the clock as it is now would have put them. Returns how many messages that concerned. */
export async function correctFutureTimes({ retry, uncertain }: Delays = defaultDelays): Promise<number> {
  const lease = sql.raw(leaseEnd);
  // A whole lease from now, and not none: its holder may be alive.
  const leases = await db.execute(sql`
    update deliveries set leased_until = ${lease} where state = 'leased' and leased_until > ${lease} returning id`);
  const pauses = sql`array[${sql.join(
    retry.map((ms) => sql`${ms}::float8`),
    sql`, `,
  )}]`;
  const longest = sql`make_interval(secs =>
    greatest((${pauses})[greatest(1, least(attempts, ${retry.length}::int))] * ${longestPause}::float8, ${uncertain}::float8) / 1000)`;
  const waiting = await db.execute(sql`
    update deliveries set queued_at = least(queued_at, ${databaseNow}),
      due_at = case state when 'retry' then ${databaseNow} else ${databaseNow} + (due_at - queued_at) end
    where lane in ('transactional', 'bulk') and state in ('queued', 'retry') and due_at > ${databaseNow}
      and due_at < 'infinity' -- parked, with its issue, until somebody resumes it
      and (queued_at > ${databaseNow} or (state = 'retry' and due_at > ${databaseNow} + ${longest}))
    returning id`);
  return leases.length + waiting.length;
}

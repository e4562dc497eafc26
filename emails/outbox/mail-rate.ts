/**
 * MAIL_PER_MINUTE, shared by all senders through the database. The allowance of a minute opens
 * second by second, so that a low limit does not leave in one burst.
 */

import { sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { databaseNow } from "#db/clock.ts";
import { env } from "#db/env.ts";
import { blindIndex } from "#db/vault/vault.ts";

export interface MailRateLimit {
  /** How many of `wanted` messages may be sent now; 0 when the second's share is used up. */
  take: (wanted: number) => Promise<number>;
  /** Gives back what was taken and not used. */
  refund: (unused: number) => Promise<void>;
}

/** The shared allowance of this installation. */
export function openMailRateLimit(perMinute = env.MAIL_PER_MINUTE): MailRateLimit {
  const network = blindIndex("network", "mail");
  const minute = sql`(extract(epoch from ${databaseNow})::bigint / 60)::int`;
  const second = sql`extract(second from ${databaseNow})`;
  const openedSoFar = sql`ceil(${perMinute}::int * (floor(${second}) + 1) / 60)::int`;
  return {
    take: async (wanted) => {
      const [row] = await db.execute<{ granted: number }>(sql`
        insert into rate_windows as w (network, minute, scope, count)
        values (${network}, ${minute}, 'mail', least(${wanted}::int, ${openedSoFar}))
        on conflict (network, scope, minute) do update
          set count = greatest(w.count, least(w.count + ${wanted}::int, ${openedSoFar}))
        returning new.count - coalesce(old.count, 0) as granted`);
      return row?.granted ?? 0;
    },
    refund: async (unused) => {
      if (unused <= 0) return;
      await db.execute(sql`
        update rate_windows set count = greatest(0, count - ${unused}::int)
        where network = ${network} and scope = 'mail' and minute = ${minute}`);
    },
  };
}

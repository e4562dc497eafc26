/**
 * The rate limit for outgoing mail, MAIL_PER_MINUTE, shared by all senders through the database. Each
 * second of a minute opens one more sixtieth of it, so that a low limit is not used up in one burst.
 */

import { databaseNowSql } from "#db/calendar/clock.ts";
import { prepareNamed } from "#db/client.ts";
import { env } from "#db/env.ts";
import { blindIndex } from "#db/vault/blind-index.ts";

export interface MailRateLimit {
  /** Takes up to `wanted` messages from the limit; returns how many may be sent now, 0 when all that has opened is used up. */
  take: (wanted: number) => Promise<number>;
  /** Subtracts what was taken and not used from the current minute. */
  refund: (unused: number) => Promise<void>;
}

const minute = `floor(extract(epoch from ${databaseNowSql}) / 60)::int`;
const openedSoFar = `ceil(:per_minute::int * (floor(extract(second from ${databaseNowSql})) + 1) / 60)::int`;

const takeNow = prepareNamed<{ granted: number }>(`
  insert into rate_windows as w (network, minute, scope, count)
  values (:network::bytea, ${minute}, 'mail', least(:wanted::int, ${openedSoFar}))
  on conflict (network, scope, minute) do update
    set count = greatest(w.count, least(w.count + :wanted::int, ${openedSoFar}))
  returning new.count - coalesce(old.count, 0) as granted`);

const refundNow = prepareNamed(`
  update rate_windows set count = greatest(0, count - :unused::int)
  where network = :network::bytea and scope = 'mail' and minute = ${minute}`);

/** The limit of this installation, in messages per minute. */
export function openMailRateLimit(perMinute = env.MAIL_PER_MINUTE): MailRateLimit {
  const network = blindIndex("network", "mail");
  return {
    take: async (wanted) => {
      const [row] = await takeNow({ network, wanted, per_minute: perMinute });
      return row?.granted ?? 0;
    },
    refund: async (unused) => {
      if (unused > 0) await refundNow({ network, unused });
    },
  };
}

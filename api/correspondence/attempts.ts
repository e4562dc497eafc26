/**
 * How often somebody may try a receipt code in an hour. A network has thirty tries, whatever numbers
 * it names. A number has ten for all networks together; beyond them it still looks at the first try of
 * a network that has not failed with it, so that no stranger can keep a family out by guessing. Whoever
 * guesses from many networks gets one look from each, against a code of 50 random bits.
 */

import { sql } from "drizzle-orm";
import type { RequestOrigin } from "#api/forms/request-origin.ts";
import { normaliseReference } from "#api/intake/reference.ts";
import { db } from "#db/client.ts";
import { TooMany } from "#db/errors.ts";
import { blindIndex } from "#db/vault/blind-index.ts";

const perReference = 10;
const perNetwork = 30;

type Asked = Pick<RequestOrigin, "network" | "now">;

const hourOf = (now: Date) => Math.floor(now.getTime() / 3_600_000) * 60;
const networkIndex = (network: string) => blindIndex("network", network);
/** A reference nobody has counts like any other, or the limit would tell them apart. */
const referenceIndex = (reference: string) => blindIndex("network", `return\0${normaliseReference(reference)}`);
/** One network with one reference. */
const pairIndex = (reference: string, network: string) =>
  blindIndex("network", `return\0${normaliseReference(reference)}\0${network}`);

/**
 * Counts one try before the code is looked at, in a statement of its own, so that it stays counted and
 * parallel guesses cannot slip past. A network over its limit no longer uses up a family's tries.
 * Throws TooMany with the seconds until the hour is over.
 */
export async function recordAttempt(reference: string, { network, now }: Asked): Promise<void> {
  const hour = hourOf(now);
  const [tried] = await db.execute<{ network: number; reference: number | null; pair: number | null }>(sql`
    with of_network as (
      insert into rate_windows (network, scope, minute, count)
      values (${networkIndex(network)}, 'return_network', ${hour}, 1)
      on conflict (network, scope, minute) do update set count = rate_windows.count + 1
      returning count
    ), of_reference as (
      insert into rate_windows (network, scope, minute, count)
      select ${referenceIndex(reference)}, 'return_reference', ${hour}, 1 from of_network where count <= ${perNetwork}
      on conflict (network, scope, minute) do update set count = rate_windows.count + 1
      returning count
    ), of_pair as (
      insert into rate_windows (network, scope, minute, count)
      select ${pairIndex(reference, network)}, 'return_pair', ${hour}, 1 from of_network where count <= ${perNetwork}
      on conflict (network, scope, minute) do update set count = rate_windows.count + 1
      returning count
    )
    select (select count from of_network) as network, (select count from of_reference) as reference,
      (select count from of_pair) as pair`);
  const isOver =
    tried === undefined ||
    tried.network > perNetwork ||
    ((tried.reference ?? 0) > perReference && (tried.pair ?? 0) > 1);
  if (isOver) throw new TooMany(3600 - Math.floor((now.getTime() % 3_600_000) / 1000));
}

/** Only wrong tries count: whoever comes back often with the right code is not kept out. */
export async function refundAttempt(reference: string, { network, now }: Asked): Promise<void> {
  await db.execute(sql`
    update rate_windows set count = count - 1
    where minute = ${hourOf(now)} and ((scope = 'return_network' and network = ${networkIndex(network)})
      or (scope = 'return_reference' and network = ${referenceIndex(reference)})
      or (scope = 'return_pair' and network = ${pairIndex(reference, network)}))`);
}

/**
 * Rate limit for attempts at a receipt code, per hour. A network has thirty attempts, whatever references
 * it names. A reference has ten for all networks together; beyond them, the first attempt of a network
 * that has not failed with it is still checked, so that no stranger can lock a family out by guessing.
 * Whoever guesses from many networks has one more attempt from each, against a code of 50 random bits.
 */

import { sql } from "drizzle-orm";
import type { RequestOrigin } from "#api/forms/request-origin.ts";
import { normaliseReference } from "#api/intake/reference.ts";
import { db } from "#db/client.ts";
import { TooMany } from "#db/errors.ts";
import { blindIndex } from "#db/vault/blind-index.ts";

const perReference = 10;
const perNetwork = 30;

type Attempt = Pick<RequestOrigin, "network" | "now">;

const hourOf = (now: Date) => Math.floor(now.getTime() / 3_600_000) * 60;
const networkIndex = (network: string) => blindIndex("network", network);
/** A reference that does not exist counts like any other; otherwise the limit would reveal which ones exist. */
const referenceIndex = (reference: string) => blindIndex("network", `return\0${normaliseReference(reference)}`);
/** The pair of one network and one reference. */
const pairIndex = (reference: string, network: string) =>
  blindIndex("network", `return\0${normaliseReference(reference)}\0${network}`);

/**
 * Counts one attempt before the code is checked, in a statement of its own, so that it stays counted and
 * parallel attempts cannot get past the limit. A network above its own limit does not use up the attempts
 * of a reference. Throws TooMany with the seconds until the hour is over.
 */
export async function recordCodeAttempt(reference: string, { network, now }: Attempt): Promise<void> {
  const hour = hourOf(now);
  const [counts] = await db.execute<{ network: number; reference: number | null; pair: number | null }>(sql`
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
    counts === undefined ||
    counts.network > perNetwork ||
    ((counts.reference ?? 0) > perReference && (counts.pair ?? 0) > 1);
  if (isOver) throw new TooMany(3600 - Math.floor((now.getTime() % 3_600_000) / 1000));
}

/** Takes back an attempt whose code was right, so that a family that opens its page often is not limited. */
export async function refundCodeAttempt(reference: string, { network, now }: Attempt): Promise<void> {
  await db.execute(sql`
    update rate_windows set count = count - 1
    where minute = ${hourOf(now)} and ((scope = 'return_network' and network = ${networkIndex(network)})
      or (scope = 'return_reference' and network = ${referenceIndex(reference)})
      or (scope = 'return_pair' and network = ${pairIndex(reference, network)}))`);
}

/** How often somebody may try a receipt code: ten wrong ones for a reference and thirty for a network in an hour. */
import { db } from "#db/client.ts";
import { sql } from "drizzle-orm";
import { TooMany } from "#db/errors.ts";
import { blindIndex } from "#db/vault.ts";
import type { Arrival } from "./arrival.ts";
import { plainReference } from "./receipt-codes.ts";

const perReference = 10;
const perNetwork = 30;

type Asked = Pick<Arrival, "network" | "now">;

const hourOf = (now: Date) => Math.floor(now.getTime() / 3_600_000) * 60;
const networkIndex = (network: string) => blindIndex("network", network);
/** A reference nobody has counts like any other, or the limit would tell them apart. */
const referenceIndex = (reference: string) => blindIndex("network", `return\0${plainReference(reference)}`);

/**
 * Counts one try before the code is looked at, in a statement of its own, so that it stays counted and
 * parallel guesses cannot slip past. A network over its limit no longer uses up a family's tries.
 * Throws TooMany with the seconds until the hour is over.
 */
export async function countTry(reference: string, { network, now }: Asked): Promise<void> {
  const [tried] = await db.execute<{ network: number; reference: number | null }>(sql`
    with of_network as (
      insert into rate_windows (network, scope, minute, count)
      values (${networkIndex(network)}, 'return_network', ${hourOf(now)}, 1)
      on conflict (network, scope, minute) do update set count = rate_windows.count + 1
      returning count
    ), of_reference as (
      insert into rate_windows (network, scope, minute, count)
      select ${referenceIndex(reference)}, 'return_reference', ${hourOf(now)}, 1 from of_network where count <= ${perNetwork}
      on conflict (network, scope, minute) do update set count = rate_windows.count + 1
      returning count
    )
    select (select count from of_network) as network, (select count from of_reference) as reference`);
  const isOver = tried === undefined || tried.network > perNetwork || (tried.reference ?? 0) > perReference;
  if (isOver) throw new TooMany(3600 - Math.floor((now.getTime() % 3_600_000) / 1000));
}

/** Only wrong tries count: whoever comes back often with the right code is not kept out. */
export async function forgiveTry(reference: string, { network, now }: Asked): Promise<void> {
  await db.execute(sql`
    update rate_windows set count = count - 1
    where minute = ${hourOf(now)} and ((scope = 'return_network' and network = ${networkIndex(network)})
      or (scope = 'return_reference' and network = ${referenceIndex(reference)}))`);
}

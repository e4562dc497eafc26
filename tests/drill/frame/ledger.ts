/** Waits until every mail has gone; in a short form, time that the product would only wait through is moved forward. */

import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import type { Stage } from "./stage.ts";

interface Waiting {
  isShort: boolean;
}

/**
 * Waits until no message is left that will still be sent. Seconds. In the whole form a message that was refused for the
 * third time or more, which waits for ten minutes or an hour, is tried at once when nothing else is left. Throws after 25 minutes,
 * in a short form after one.
 */
export async function drain(stage: Stage, { isShort }: Waiting): Promise<number> {
  const limitMs = isShort ? 60_000 : 1_500_000;
  const started = performance.now();
  for (;;) {
    const open = await stage.withDatabase((owner) => bringForward(owner, isShort)).catch(() => -1);
    if (open === 0) return Math.round((performance.now() - started) / 1000);
    if (performance.now() - started > limitMs)
      throw new Error(`${open} messages are still open after ${limitMs / 1000} s`);
    await sleep(isShort ? 200 : 500);
  }
}

/** Changes only the time of the next attempt, of messages that nobody holds. Returns how many are open. */
async function bringForward(owner: Db, isShort: boolean): Promise<number> {
  const isLong = sql`due_at > now() + interval '3 minutes' and not exists (
    select from deliveries other where other.state in ('queued', 'leased')
      or (other.state = 'retry' and other.due_at <= now() + interval '3 minutes'))`;
  await owner.execute(
    sql`update deliveries set due_at = now() where state = 'retry' and ${isShort ? sql`true` : isLong}`,
  );
  const [row] = await owner.execute<{ count: number }>(
    sql`select count(*)::int as count from deliveries where state in ('queued', 'retry', 'leased')`,
  );
  return row?.count ?? -1;
}

/** Ends the leases of killed senders, which last a minute. Only while nobody is sending: the living would lose theirs. */
export async function endLeases(stage: Stage): Promise<void> {
  await stage.withDatabase((owner) =>
    owner.execute(sql`update deliveries set leased_until = now() - interval '1 second' where state = 'leased'`),
  );
}

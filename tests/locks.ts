/** Requests that meet on one row. */

import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { db, type Transaction, transaction } from "#db/client.ts";

/** Until a statement of this test file's database waits for a lock that another transaction holds. */
async function untilSomebodyWaits(): Promise<void> {
  const waiting = sql`select from pg_locks where not granted
    and pid in (select pid from pg_stat_activity where datname = current_database())`;
  while ((await db.execute(waiting)).length === 0) await sleep(5);
}

/** What `meanwhile` answers where it begins once a transaction holds the lock of `lock`, waits for it, and `change` comes first. */
export async function overtaken<T>(
  lock: (tx: Transaction) => Promise<unknown>,
  change: (tx: Transaction) => Promise<unknown>,
  meanwhile: () => Promise<T>,
): Promise<T> {
  let answer: Promise<T> | undefined;
  await transaction(async (tx) => {
    await lock(tx);
    answer = meanwhile();
    answer.catch(() => {}); // thrown below, where it is waited for
    await untilSomebodyWaits();
    await change(tx);
  });
  return answer as Promise<T>;
}

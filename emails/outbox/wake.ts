/** Telling senders that there is work: those of this process at once, the others through the database. */

import { notify } from "#db/client.ts";

const wakers = new Set<() => void>();
let announcing: NodeJS.Timeout | undefined;

/** Registers a sender of this process; returns how to forget it. */
export function onWake(wake: () => void): () => void {
  wakers.add(wake);
  return () => wakers.delete(wake);
}

/**
 * Tells every sender, here and in other processes, that there is something to send. Call it after the
 * commit: a NOTIFY inside a transaction would make all commits wait in line for each other.
 */
export function wakeSenders(): void {
  for (const wake of wakers) wake();
  if (announcing !== undefined) return;
  announcing = setTimeout(() => {
    announcing = undefined;
    notify("deliveries").catch(() => {}); // others find it at their next tick
  }, 100);
  announcing.unref();
}

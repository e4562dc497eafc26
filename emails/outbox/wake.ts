/** Waking senders when there is work: those of this process at once, the others by a NOTIFY of the database. */

import { notify } from "#db/client.ts";

const listeners = new Set<() => void>();
let pendingNotify: NodeJS.Timeout | undefined;

/** Registers a sender of this process; returns a function that unregisters it. */
export function onWake(wake: () => void): () => void {
  listeners.add(wake);
  return () => listeners.delete(wake);
}

/**
 * Wakes every sender, here and in other processes. Call it after the commit: a NOTIFY inside a
 * transaction makes all commits wait for each other. Calls within 100 ms share one NOTIFY.
 */
export function wakeSenders(): void {
  for (const wake of listeners) wake();
  if (pendingNotify !== undefined) return;
  pendingNotify = setTimeout(() => {
    pendingNotify = undefined;
    notify("deliveries").catch(() => {}); // the other processes find the work at their next poll
  }, 100);
  pendingNotify.unref();
}

/** Deleting backups that are older than they may be kept: what was erased since still lies in them. */

import { pruneAcceptances } from "#db/backup/logs.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { walFileBytes, walFileName, parseLsn } from "#db/cluster/wal-files.ts";
import { idOf, type Manifest, objectsOf, readBases, walPrefix } from "./sets.ts";

const dayMs = 86_400_000;

/**
 * Deletes base backups taken more than `days` days ago, with the log before the oldest that stays, and the notes of what mail
 * servers accepted then. The newest base backup of all stays, however old: a late backup is better than none. Returns how many were deleted.
 */
export async function pruneBackups(store: ObjectStore, days: number, now: Date): Promise<number> {
  const before = new Date(now.getTime() - days * dayMs);
  const { bases: all, closed } = await readBases(store);
  const kept = all.filter((base, index) => base.startedAt >= before || index === all.length - 1);
  const old = all.filter((base) => !kept.includes(base));
  for (const base of old) for (const { name } of await objectsOf(store, base)) await store.delete(name);
  // Nothing opens these any more; their ids are the times at which they were begun.
  const oldClosed = closed.filter(({ id }) => id < idOf(before));
  for (const base of oldClosed) for (const { name } of await objectsOf(store, base)) await store.delete(name);
  const needed = new Set(closed.filter((base) => !oldClosed.includes(base)).map(({ set }) => set));
  for (const set of new Set([...all, ...oldClosed].map((base) => base.set))) {
    const oldest = kept.find((base) => base.set === set);
    if (!needed.has(set)) await pruneWal(store, set, oldest);
  }
  await pruneAcceptances(new Date(before.getTime() - dayMs), store);
  return old.length + oldClosed.length;
}

/** Deletes the log of a set before its oldest base backup; all of it where the set has none any more. */
async function pruneWal(store: ObjectStore, set: string, oldest: Manifest | undefined): Promise<void> {
  const prefix = walPrefix(set);
  const first = oldest && walFileName(oldest.timeline, parseLsn(oldest.startLsn) / BigInt(walFileBytes));
  for (const { name } of await store.list(prefix))
    if (first === undefined || name.slice(prefix.length) < first) await store.delete(name);
}

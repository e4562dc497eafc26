/** Deleting backups that are older than they may be kept: what was erased since still lies in them. */

import { backupKeys } from "#db/backup/keys.ts";
import { pruneAcceptances } from "#db/backup/logs.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { walFileAt } from "#db/cluster/wal-files.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import { type Base, backupFilesPrefix, idOf, type BackupManifest, objectsOf, readBases, walPrefix } from "./sets.ts";

const dayMs = 86_400_000;

/**
 * Deletes base backups taken more than `days` days ago, with the log before the oldest that stays, the guides that were
 * sealed for a key of which none stays, and the notes of what mail servers accepted then. The newest base backup of all stays, however old: a late backup is better than none. Returns how many were deleted.
 */
export async function pruneBackups(store: ObjectStore, days: number, now: Date): Promise<number> {
  const before = daysBefore(now, days);
  const { bases: all, closed } = await readBases(store);
  const kept = all.filter((base, index) => base.startedAt >= before || index === all.length - 1);
  // Nothing opens the closed ones any more; their ids are the times at which they were begun.
  const keptClosed = closed.filter(({ id }) => id >= idOf(before));
  const old = [...all, ...closed].filter((base) => ![...kept, ...keptClosed].includes(base));
  for (const base of old) for (const { name } of await objectsOf(store, base)) await store.delete(name);
  const needed = new Set(keptClosed.map(({ set }) => set));
  for (const set of new Set([...all, ...old].map((base) => base.set))) {
    const oldest = kept.find((base) => base.set === set);
    if (!needed.has(set)) await pruneWal(store, set, oldest);
  }
  await pruneFiles(store, kept, keptClosed.length > 0);
  await pruneBesides(store, days, now);
  return old.length;
}

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * dayMs);

/** Notes of acceptances of before this go: they are a day older than backups may be. */
export const acceptancesBefore = (now: Date, days: number): Date => daysBefore(now, days + 1);

/** Deletes what lies beside backups of either kind: notes of acceptances, and what killed processes left. */
export async function pruneBesides(store: ObjectStore, days: number, now: Date): Promise<void> {
  await pruneAcceptances(acceptancesBefore(now, days), store);
  await store.deleteUnfinished?.(daysBefore(now, 1));
}

/** Deletes the log of a set before its oldest base backup; all of it where the set has none any more. */
async function pruneWal(store: ObjectStore, set: string, oldest: BackupManifest | undefined): Promise<void> {
  const prefix = walPrefix(set);
  const first = oldest && walFileAt(oldest.timeline, oldest.startLsn);
  for (const { name } of await store.list(prefix))
    if (first === undefined || name.slice(prefix.length) < first) await store.delete(name);
}

/**
 * Deletes the guides that lie sealed for an earlier key of the backups, once no base backup that stays was sealed for it. While
 * one stays that no key here opens, so do those of every key that is not here: one of them may be its own.
 */
async function pruneFiles(store: ObjectStore, kept: readonly Base[], staysClosed: boolean): Promise<void> {
  const here = backupKeys().map(keyIdOf);
  const needed = new Set([...here.slice(0, 1), ...kept.map(({ backupKey }) => backupKey)]);
  for (const { name } of await store.list(backupFilesPrefix)) {
    const [, key] = /^files\/([\da-f]{8})\//u.exec(name) ?? [];
    if (key === undefined || needed.has(key) || (staysClosed && !here.includes(key))) continue;
    await store.delete(name);
  }
}

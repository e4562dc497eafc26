/** Deleting backups that are older than they may be kept: what was erased since still lies in them. */

import { backupKeys } from "#db/backup/keys.ts";
import { pruneAcceptances } from "#db/backup/logs.ts";
import { exportsPrefix, type ObjectStore } from "#db/backup/store.ts";
import { walFileAt } from "#db/cluster/wal-files.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import { type Base, backupFilesPrefix, idOf, newestIn, objectsOf, readBases, walPrefix } from "./sets.ts";

const dayMs = 86_400_000;

/**
 * Deletes base backups taken more than `days` days ago, with the log before the oldest that stays, the guides that were
 * sealed for a key of which none stays, and the notes of what mail servers accepted then, unless there is nothing yet that stands
 * for them. The newest base backup of all stays, however old: a late backup is better than none. Returns how many were deleted.
 */
export async function pruneBackups(store: ObjectStore, days: number, now: Date): Promise<number> {
  await deleteAbandoned(store, now);
  const before = daysBefore(now, days);
  const { bases: all, closed } = await readBases(store);
  const ids = [...all.map(({ startedAt }) => idOf(startedAt)), ...closed.map(({ id }) => id)];
  if (!mayPrune(ids, days, now)) return 0;
  const newest = newestIn(all, now) ?? all.at(-1);
  const kept = all.filter((base) => takenAt(base, all, now) >= before || base === newest);
  // Nothing opens the closed ones any more; their ids are the times at which they were begun.
  const keptClosed = closed.filter(({ id }) => id >= idOf(before));
  const old = [...all, ...closed].filter((base) => ![...kept, ...keptClosed].includes(base));
  for (const base of old) for (const { name } of await objectsOf(store, base)) await store.delete(name);
  const needed = new Set(keptClosed.map(({ set }) => set));
  for (const set of new Set([...all, ...old].map((base) => base.set))) {
    const starts = kept.filter((base) => base.set === set).map(walStart);
    if (!needed.has(set)) await pruneWal(store, set, starts.toSorted()[0]);
  }
  await pruneFiles(store, kept, keptClosed.length > 0);
  await pruneAcceptances(acceptancesBefore(now, days), store);
  return old.length;
}

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * dayMs);

/** Notes of acceptances of before this go: they are a day older than backups may be. */
export const acceptancesBefore = (now: Date, days: number): Date => daysBefore(now, days + 1);

/**
 * Whether old backups may be deleted: one that stays is at least a day old (where they are kept for a day, half of one). Otherwise
 * backups have failed all the time, or the clock jumped ahead, and the old ones are all there is. `ids`: times of all.
 */
export function mayPrune(ids: readonly string[], days: number, now: Date): boolean {
  const [from, to] = [days, Math.min(1, days / 2)].map((ago) => idOf(daysBefore(now, ago)));
  return ids.some((id) => id >= (from ?? "") && id <= (to ?? ""));
}

/** When a base backup was taken: at the latest when the next one was, since a clock that ran ahead may have dated it. */
function takenAt(base: Base, all: readonly Base[], now: Date): Date {
  if (base.startedAt <= now) return base.startedAt;
  const later = all.filter(({ set, ...one }) => set === base.set && walStart(one) >= walStart(base));
  return new Date(Math.min(...later.map(({ startedAt }) => startedAt.getTime())));
}

/** Name of the file of the log in which a base backup begins; names sort as the log does. */
const walStart = ({ timeline, startLsn }: Pick<Base, "timeline" | "startLsn">) => walFileAt(timeline, startLsn);

/** So long after its last object somebody who writes a backup is gone. */
const abandonedAfterMs = 3_600_000;

/** Deletes what killed processes left: base backups and exports without a manifest, in which nothing was written lately, and files. */
export async function deleteAbandoned(store: ObjectStore, now: Date): Promise<void> {
  const objects = [...(await store.list("sets/")), ...(await store.list(exportsPrefix))];
  const backups = Map.groupBy(objects, ({ name }) => /^(?:sets\/[^/]+\/base|exports)\/[^/]+\//u.exec(name)?.[0]);
  for (const [prefix, parts] of backups) {
    if (prefix === undefined || parts.some(({ name }) => name.startsWith(`${prefix}manifest.json`))) continue;
    const isLeft = parts.every(({ writtenAt }) => now.getTime() - writtenAt.getTime() > abandonedAfterMs);
    if (isLeft) for (const { name } of parts) await store.delete(name);
  }
  await store.deleteUnfinished?.(daysBefore(now, 1));
}

/** Deletes the log of a set before this file, with which its first base backup begins; all of it where the set has none any more. */
async function pruneWal(store: ObjectStore, set: string, first: string | undefined): Promise<void> {
  const prefix = walPrefix(set);
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

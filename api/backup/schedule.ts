/** When a base backup is due, and taking it where it disturbs nobody: jobs (api/jobs.ts). */

import { sql } from "drizzle-orm";
import { backupMode } from "#api/backup-health/mode.ts";
import { configuredStore, type ObjectStore } from "#db/backup/store.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { parseLsn } from "#db/cluster/wal-files.ts";
import { jobRuns } from "#db/schema/jobs.ts";
import { settings } from "#db/settings/settings.ts";
import { listExports, pruneExports } from "./exports.ts";
import { runAtLowPriority } from "./low-priority.ts";
import { pruneBackups, pruneBesides } from "./prune.ts";
import { currentSet, logSince, type BackupManifest, readBases } from "./sets.ts";
import { systemIdentifier } from "./take.ts";

const dayMs = 86_400_000;

/**
 * Takes a base backup when one is due, in a process of its own with the lowest priority, and deletes what is too old. Returns how
 * many were taken and deleted, and when the newest was taken (seconds since 1970). Throws when the process failed.
 */
export async function takeDueBackup(now: Date): Promise<Record<string, number>> {
  const mode = backupMode();
  if (mode === "none") return { taken: 0 };
  const store = configuredStore();
  const days = settings().values.keep_backup_days;
  if (mode === "export") return takeDueExport(store, days, now);
  const { bases } = await readBases(store);
  const isNeeded = isDue(bases, await databaseState(store, bases), days, now);
  if (isNeeded) await runAtLowPriority(["backup", "--gentle"]);
  const deleted = await pruneBackups(store, days, now);
  return { taken: Number(isNeeded), deleted, ...(await countBackups(store)) };
}

/** How many backups of the kind that is taken here a store holds, their bytes, and when the newest ended (seconds since 1970; 0: none). */
async function countBackups(store: ObjectStore): Promise<{ kept: number; bytes: number; newest_at: number }> {
  const found =
    backupMode() === "export"
      ? await listExports(store)
      : (await readBases(store)).bases.map(({ sealedBytes: bytes, finishedAt }) => ({ bytes, finishedAt }));
  return {
    kept: found.length,
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    newest_at: Math.round((found.at(-1)?.finishedAt.getTime() ?? 0) / 1000),
  };
}

/**
 * Writes what the store holds into the job's row, from which page, doctor and /metrics read: what a database that came back
 * says of its backups was true long ago. Nothing where no backup is there, or backups are switched off.
 */
export async function noteBackups(): Promise<void> {
  if (backupMode() === "none") return;
  const { newest_at, ...rest } = await countBackups(configuredStore());
  if (newest_at === 0) return;
  const at = new Date(newest_at * 1000);
  const run = { counts: { ...rest, newest_at }, error: null };
  await db
    .insert(jobRuns)
    .values({ name: "take_backup", startedAt: at, finishedAt: at, succeededAt: at, outcome: "done", ...run })
    .onConflictDoUpdate({ target: jobRuns.name, set: run });
}

/** An export is due when the newest is so old: one a night, whenever the night's first look is. */
const exportAfterMs = 20 * 3_600_000;

async function takeDueExport(store: ObjectStore, days: number, now: Date): Promise<Record<string, number>> {
  const before = (await listExports(store)).at(-1);
  const isNeeded = before === undefined || now.getTime() - before.finishedAt.getTime() > exportAfterMs;
  if (isNeeded) await runAtLowPriority(["backup"]);
  const deleted = await pruneExports(store, new Date(now.getTime() - days * dayMs));
  await pruneBesides(store, days, now);
  return { taken: Number(isNeeded), deleted, ...(await countBackups(store)) };
}

interface DatabaseState {
  set: string;
  /** Position of the write-ahead log. */
  walBytes: bigint;
  /** Whether an object of the log is missing since its newest base backup, so that what comes after cannot be restored. */
  hasGap: boolean;
}

/** Every look finds a gap that is none, such as an object of another name: more base backups than this do not help against it. */
const gapAfterMs = 3_600_000;

/**
 * Whether a base backup is due: there is none of this database, the newest is a week old (or a third of the time that backups
 * are kept), since yesterday as much log has gathered as the backup is large, so that a restore never replays more than that, or the log
 * since has a gap.
 */
export function isDue(
  bases: readonly BackupManifest[],
  { set, walBytes, hasGap }: DatabaseState,
  days: number,
  now: Date,
): boolean {
  const newest = bases.findLast((base) => base.set === set);
  if (!newest) return true;
  const age = now.getTime() - newest.finishedAt.getTime();
  if (hasGap && age >= gapAfterMs) return true;
  if (age >= Math.min(7, Math.max(1, Math.floor(days / 3))) * dayMs) return true;
  return age >= dayMs && walBytes - parseLsn(newest.stopLsn) > BigInt(newest.bytes);
}

async function databaseState(store: ObjectStore, bases: readonly BackupManifest[]): Promise<DatabaseState> {
  const owner = connectAsOwner();
  try {
    const [row] = await owner.execute<{ lsn: string }>(sql`select pg_current_wal_flush_lsn()::text as lsn`);
    const set = currentSet(await systemIdentifier(owner));
    const newest = bases.findLast((base) => base.set === set);
    const hasGap = newest !== undefined && (await logSince(store, newest)).gap !== undefined;
    return { set, walBytes: parseLsn(row?.lsn ?? "0/0"), hasGap };
  } finally {
    await disconnect(owner);
  }
}

/** When a base backup is due, and taking it where it disturbs nobody: jobs (api/jobs.ts). */

import { eq, sql } from "drizzle-orm";
import { backupMode } from "#api/backup-health/mode.ts";
import { requirePlace } from "#db/backup/place.ts";
import { configuredStore, type ObjectStore } from "#db/backup/store.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { parseLsn } from "#db/cluster/wal-files.ts";
import { jobRuns } from "#db/schema/jobs.ts";
import { settings } from "#db/settings/settings.ts";
import { listExports, newestStored, pruneExports, type StoredExport } from "./exports.ts";
import { runAtLowPriority } from "./low-priority.ts";
import { pruneBackups } from "./prune.ts";
import { type BackupManifest, currentSet, logSince, newestIn, readBases } from "./sets.ts";
import { systemIdentifier } from "./take.ts";

const dayMs = 86_400_000;

/**
 * Deletes what is too old, so that a full disk frees itself, and takes a base backup or an export when one is due, in a process of its own
 * with the lowest priority. What the store holds is noted before that, so that nobody takes it for more while taking lasts or fails.
 * Returns how many were taken and deleted, and what the store holds now. Throws when the process failed, or something could not be deleted.
 */
export async function takeDueBackup(now: Date): Promise<Record<string, number>> {
  const mode = backupMode();
  if (mode === "none") return { taken: 0 };
  await requirePlace();
  const store = configuredStore();
  const days = settings().values.keep_backup_days;
  const take = async () => {
    const { isNeeded, counts } = await look(store, days, now);
    await noteCounts(counts);
    if (isNeeded) await runAtLowPriority(["backup", "--gentle"]);
    return Number(isNeeded);
  };
  let deleted = 0;
  let taken = 0;
  try {
    deleted = await (mode === "export" ? pruneExports : pruneBackups)(store, days, now);
  } finally {
    taken = await take(); // also to a store that lets nothing be deleted
  }
  return { taken, deleted, ...(await look(store, days, now)).counts };
}

/** What a store holds of the kind that is taken here, and whether that is enough. */
async function look(store: ObjectStore, days: number, now: Date) {
  if (backupMode() === "export") {
    const exports = await listExports(store);
    const newest = newestStored(exports, now);
    return { isNeeded: isExportDue(newest, now), counts: countsOf(exports, newest) };
  }
  const { bases } = await readBases(store);
  const state = await databaseState(store, bases, now);
  const isWhole = newestOf(bases, state.set, now) !== undefined && !state.hasGap;
  return {
    isNeeded: isDue(bases, state, days, now),
    counts: { ...countsOf(bases, newestIn(bases, now)), is_whole: Number(isWhole) },
  };
}

/**
 * What page, doctor and /metrics read of the backups (api/backup-health/health.ts). `newest_at`: when the newest ended, in seconds since 1970 (0: there is none).
 * `is_whole`: 1 where it is one of the present database, and the log since has no gap, so that what is shipped can be restored.
 */
interface Counts {
  kept: number;
  bytes: number;
  newest_at: number;
  is_whole?: number;
}

type Backup = BackupManifest | StoredExport;

function countsOf(found: readonly Backup[], newest: Backup | undefined): Counts {
  return {
    kept: found.length,
    bytes: found.reduce((sum, one) => sum + ("sealedBytes" in one ? one.sealedBytes : one.bytes), 0),
    newest_at: Math.round((newest?.finishedAt.getTime() ?? 0) / 1000),
  };
}

/**
 * Writes what the store holds into the job's row after a restore: what a database that came back says of its backups was true long
 * ago, and its log goes on in no set before the next base backup. Nothing where backups are switched off.
 */
export async function noteBackups(): Promise<void> {
  const mode = backupMode();
  if (mode === "none") return;
  const store = configuredStore();
  const now = new Date();
  const counts =
    mode === "export"
      ? await listExports(store).then((exports) => countsOf(exports, newestStored(exports, now)))
      : await readBases(store).then(({ bases }) => countsOf(bases, newestIn(bases, now)));
  if (counts.newest_at === 0) return noteCounts(counts);
  const at = new Date(counts.newest_at * 1000);
  await db
    .insert(jobRuns)
    .values({ name, startedAt: at, finishedAt: at, succeededAt: at, outcome: "done", counts: { ...counts } })
    .onConflictDoUpdate({ target: jobRuns.name, set: { counts: { ...counts }, error: null } });
}

const name = "take_backup";

const noteCounts = async (counts: Counts) =>
  void (await db
    .update(jobRuns)
    .set({ counts: { ...counts } })
    .where(eq(jobRuns.name, name)));

/** An export is due when the newest is so old: one a night, whenever the night's first look is. */
const exportAfterMs = 20 * 3_600_000;

const isExportDue = (newest: StoredExport | undefined, now: Date) =>
  newest === undefined || now.getTime() - newest.finishedAt.getTime() > exportAfterMs;

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
  const newest = newestOf(bases, set, now);
  if (!newest) return true;
  const age = now.getTime() - newest.finishedAt.getTime();
  if (hasGap && age >= gapAfterMs) return true;
  if (age >= Math.min(7, Math.max(1, Math.floor(days / 3))) * dayMs) return true;
  return age >= dayMs && walBytes - parseLsn(newest.stopLsn) > BigInt(newest.bytes);
}

const newestOf = (bases: readonly BackupManifest[], set: string, now: Date) =>
  newestIn(
    bases.filter((base) => base.set === set),
    now,
  );

async function databaseState(store: ObjectStore, bases: readonly BackupManifest[], now: Date): Promise<DatabaseState> {
  const owner = connectAsOwner();
  try {
    const [row] = await owner.execute<{ lsn: string }>(sql`select pg_current_wal_flush_lsn()::text as lsn`);
    const set = currentSet(await systemIdentifier(owner));
    const newest = newestOf(bases, set, now);
    const hasGap = newest !== undefined && (await logSince(store, newest)).gap !== undefined;
    return { set, walBytes: parseLsn(row?.lsn ?? "0/0"), hasGap };
  } finally {
    await disconnect(owner);
  }
}

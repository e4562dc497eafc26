/** How old the backups are: one rule for the managers' page, /metrics, the watching job and `doctor`. */

import { desc, eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { jobRuns } from "#db/schema/jobs.ts";
import { restores } from "#db/schema/restores.ts";
import { backupMode } from "./mode.ts";

const minute = 60_000;
/** Older than this is too old: what is shipped every 20 seconds, and what is exported every night. */
const lateAfterMs = { log: 60 * minute, export: 50 * 60 * minute };
/** A first backup is given so long, after the first start and after a restore. */
const firstWithinMs = 30 * minute;

export interface BackupHealth {
  mode: ReturnType<typeof backupMode>;
  /** When everything written before was in a backup; null before the first one. */
  upTo: Date | null;
  /** When the newest base backup or export ended; null before the first one. */
  newest: Date | null;
  /** How many base backups or exports are kept, and their bytes. */
  kept: number;
  bytes: number;
  /** Whether something has to be done: backups are too old, fail from the start, or (never here) are switched off on purpose. */
  isLate: boolean;
}

/** Read from the last runs of the jobs, without asking the store. `runningSince`: since when this installation runs, at the latest. */
export async function backupHealth(now: Date, runningSince = processStart): Promise<BackupHealth> {
  const mode = backupMode();
  const shipped = await lastRun("ship_wal");
  const taken = await lastRun("take_backup");
  const newestAt = taken?.counts["newest_at"] ?? 0;
  const newest = newestAt === 0 ? null : new Date(newestAt * 1000);
  // The log that is shipped after a restore brings nothing back before the first base backup since.
  const restoredAt = await lastRestore();
  const goesOn = mode === "log" && (restoredAt === undefined || (newest !== null && newest > restoredAt));
  const upTo = newest && (goesOn ? later(shipped?.succeededAt ?? null, newest) : newest);
  const { kept = 0, bytes = 0 } = taken?.counts ?? {};
  const found = { mode, upTo, newest, kept, bytes };
  if (mode === "none") return { ...found, isLate: false };
  const begun = upTo === null ? runningSince : restoredAt;
  const givenFrom = (begun?.getTime() ?? 0) - lateAfterMs[mode] + firstWithinMs;
  const since = Math.max(upTo?.getTime() ?? 0, givenFrom);
  return { ...found, isLate: now.getTime() - since > lateAfterMs[mode] };
}

const processStart = new Date(Date.now() - performance.now());

async function lastRestore(): Promise<Date | undefined> {
  const [last] = await db
    .select({ at: restores.restoredAt })
    .from(restores)
    .orderBy(desc(restores.restoredAt))
    .limit(1);
  return last?.at;
}

async function lastRun(name: string) {
  const [run] = await db.select().from(jobRuns).where(eq(jobRuns.name, name));
  return run;
}

const later = (a: Date | null, b: Date): Date => (a !== null && a > b ? a : b);

/** Whether backups lie on the same disk as what they protect, as they do until somebody chooses another place. */
export const isBesideData = (): boolean =>
  env.BACKUP_S3_BUCKET === undefined &&
  (env.BACKUP_DIR === env.DATA_DIR || env.BACKUP_DIR.startsWith(`${env.DATA_DIR}/`));

/** How old the backups are: one rule for the managers' page, /metrics, the watching job and `doctor`. */

import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { desc, eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { jobRuns } from "#db/schema/jobs.ts";
import { restores } from "#db/schema/restores.ts";
import { isAhead } from "./ahead.ts";
import { backupMode } from "./mode.ts";

const minute = 60_000;
/** Older than this is too old: what is shipped every 20 seconds, and what is exported every night. */
const lateAfterMs = { log: 60 * minute, export: 50 * 60 * minute };
/** So long after its last success the job has failed that takes base backups and exports: it looks every five minutes whether one is due. */
const takenWithinMs = 24 * 60 * minute;
/** A first backup is given so long, after the first start and after a restore, and so is the job after a start. */
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
  /** Whether something has to be done: backups are too old, or fail. Never where they are switched off on purpose. */
  isLate: boolean;
  /** Whether that is since base backups or exports cannot be taken any more, though log may still be shipped. */
  isNotTaken: boolean;
}

/** Read from the last runs of the jobs, without asking the store. `runningSince`: since when this installation runs, at the latest. */
export async function backupHealth(now: Date, runningSince = processStart): Promise<BackupHealth> {
  const mode = backupMode();
  const past = (at: Date | null | undefined) => (at && !isAhead(at, now) ? at : null);
  const taken = await lastRun("take_backup");
  const { kept = 0, bytes = 0, newest_at: newestAt = 0, is_whole: isWhole = 0 } = taken?.counts ?? {};
  const newest = newestAt === 0 ? null : past(new Date(newestAt * 1000));
  // Log that is shipped without a base backup of its database, or behind a gap, brings nothing back.
  const goesOn = mode === "log" && isWhole === 1;
  const upTo = newest && (goesOn ? later(past((await lastRun("ship_wal"))?.succeededAt), newest) : newest);
  const found = { mode, upTo, newest, kept, bytes };
  if (mode === "none") return { ...found, isLate: false, isNotTaken: false };
  const restoredAt = await lastRestore();
  const isOver = (from: Date | null | undefined, ms: number) => now.getTime() - (from?.getTime() ?? 0) > ms;
  const isGiven = !isOver(upTo === null ? runningSince : restoredAt, firstWithinMs);
  const isNotTaken = !isGiven && isOver(runningSince, firstWithinMs) && isOver(past(taken?.succeededAt), takenWithinMs);
  return {
    ...found,
    isLate: isNotTaken || (!isGiven && isOver(upTo, lateAfterMs[mode])),
    isNotTaken: isNotTaken && upTo !== null,
  };
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

/** Whether backups lie on the disk of what they protect, as they do until somebody chooses another place, and while that one's disk is away. */
export const isBesideData = async (): Promise<boolean> =>
  env.BACKUP_S3_BUCKET === undefined && (await deviceOf(env.BACKUP_DIR)) === (await deviceOf(env.DATA_DIR));

/** The disk of a folder; of one that is not there, that of the folder in which it would be made. */
async function deviceOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.dev ?? (path === dirname(path) ? 0 : deviceOf(dirname(path)));
}

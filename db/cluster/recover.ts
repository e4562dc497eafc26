/** Bringing a copied server back: it replays its write-ahead log, up to the end or to a moment, and begins a timeline of its own. */

import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { momentInTokyo } from "#db/calendar/days.ts";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { type Cluster, joinCluster, stopUnused } from "./cluster.ts";
import { cannotReplay, giveToServer, replayFailures } from "./server.ts";
import type { OnWait } from "./wait.ts";

export interface Recovered extends Cluster {
  /** When the last transaction that came back was committed; undefined when the log held none. */
  until: Date | undefined;
}

interface Options {
  /** Come back as of this moment; absent: the end of the log. */
  at?: Date | undefined;
  /** Called now and then with the time of the last transaction replayed. */
  onProgress?: (until: Date) => void;
  /** Called before that, while the copy is not consistent yet and so nobody can ask how far it is. */
  onWait?: OnWait;
}

/** The log lies in pg_wal already: the command that would fetch more finds nothing. */
const recoverySettings = (at: Date | undefined) => [
  "restore_command = 'exit 1'",
  "recovery_target_timeline = 'current'",
  "recovery_target_action = 'promote'",
  ...(at ? [`recovery_target_time = '${timestamp(at)}'`] : []),
];

/** As PostgreSQL's configuration takes it: it refuses the T and the Z of ISO 8601. */
const timestamp = (at: Date) => at.toISOString().replace("T", " ").replace("Z", "+00");

/**
 * Starts the server in `dataDir`, of which `pg` and cluster.json were copied from a backup, and waits until it has replayed its log
 * and may be written to. Whoever calls leaves the cluster. Throws Refused when the log
 * does not reach `at`, and an error with PostgreSQL's own reason when it cannot repeat the log; the cluster was left then.
 */
export async function recover(
  dataDir: string,
  { at, onProgress = () => {}, onWait }: Options = {},
): Promise<Recovered> {
  const pg = join(dataDir, "pg");
  writeFileSync(join(pg, "recovery.signal"), "");
  appendFileSync(join(pg, "postgresql.auto.conf"), `${recoverySettings(at).join("\n")}\n`);
  chmodSync(pg, 0o700); // PostgreSQL refuses one that others may read
  giveToServer(pg);
  const failed = replayFailures(dataDir);
  const cluster = await joinCluster(dataDir, onWait).catch(async () => {
    await stopUnused(dataDir);
    throw endedBefore(dataDir, at) ?? giveUp(dataDir);
  });
  const failure = () => endedBefore(dataDir, at) ?? (cannotReplay(dataDir, failed) ? giveUp(dataDir) : undefined);
  try {
    const until = await waitUntilWritable(cluster.url, failure, onProgress);
    await forgetSettings(cluster.url);
    return { ...cluster, until };
  } catch (error) {
    await cluster.leave();
    throw error;
  }
}

/** The one reason that an administrator can do something about; PostgreSQL says it in its log and ends. */
function endedBefore(dataDir: string, at: Date | undefined): Error | undefined {
  const path = join(dataDir, "postgres.log");
  if (at === undefined || !existsSync(path)) return undefined;
  if (!readFileSync(path, "utf8").includes("recovery ended before configured recovery target was reached"))
    return undefined;
  return endsBefore(at);
}

/** The refusal of a moment that the log does not reach. */
export const endsBefore = (at: Date): Refused =>
  new Refused(`The backup ends before ${momentInTokyo(at)}. Without --at everything in it comes back.`);

/** Says what PostgreSQL wrote last before it ended. */
function giveUp(dataDir: string): Error {
  const lines = readFileSync(join(dataDir, "postgres.log"), "utf8").split("\n");
  const reason = lines.findLast((line) => /FATAL|PANIC/u.test(line)) ?? "without a reason in its log";
  return new Error(`PostgreSQL does not start: ${reason}`);
}

async function waitUntilWritable(
  url: string,
  failure: () => Error | undefined,
  onProgress: (until: Date) => void,
): Promise<Date | undefined> {
  for (;;) {
    const state = await recoveryState(url).catch(() => undefined); // it may be busy, or between two starts
    if (state?.until) onProgress(state.until);
    if (state?.isRecovering === false) return state.until;
    const reason = failure();
    if (reason) throw reason;
    await sleep(200);
  }
}

async function recoveryState(url: string): Promise<{ isRecovering: boolean; until: Date | undefined }> {
  const owner = connectAsOwner(url);
  try {
    const [row] = await owner.execute<{ recovering: boolean; until: string | null }>(sql`
      select pg_is_in_recovery() as recovering, pg_last_xact_replay_timestamp()::text as until`);
    return { isRecovering: row?.recovering ?? true, until: row?.until ? new Date(row.until) : undefined };
  } finally {
    await disconnect(owner);
  }
}

async function forgetSettings(url: string): Promise<void> {
  const owner = connectAsOwner(url);
  try {
    for (const line of recoverySettings(new Date())) {
      const [name = ""] = line.split(" ");
      await owner.execute(sql.raw(`alter system reset ${name}`));
    }
  } finally {
    await disconnect(owner);
  }
}

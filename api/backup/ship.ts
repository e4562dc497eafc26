/** Shipping the write-ahead log, and what lies beside the database: a job (api/jobs.ts), so that a backup is never more than a minute old. */

import { backupMode } from "#api/backup-health/mode.ts";
import { copyLogs, pruneOwnAcceptances } from "#db/backup/logs.ts";
import { claimPlace } from "#db/backup/place.ts";
import { sealObject, sealedSuffix } from "#db/backup/seal.ts";
import { configuredStore, type ObjectStore } from "#db/backup/store.ts";
import { connectAsOwner, type Db, disconnect } from "#db/client.ts";
import { readWal } from "#db/cluster/wal-files.ts";
import { dropSlot, pendingWal, releaseWal } from "#db/cluster/wal-slot.ts";
import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { acceptancesBefore } from "./prune.ts";
import { currentSet, endSet, walPrefix } from "./sets.ts";
import { copyGuides, systemIdentifier } from "./take.ts";

/**
 * Ships what was written since the last time. Each file of the log is written anew as it grows, and PostgreSQL is told what it
 * need not keep only when that is done. Where backups are switched off, PostgreSQL keeps nothing for them. A part that fails
 * hinders no other; the error is thrown in the end.
 */
export async function shipWal(): Promise<{ files: number }> {
  const store = configuredStore();
  const mode = backupMode();
  if (env.DATABASE_URL !== undefined) return { files: 0 };
  const owner = connectAsOwner();
  try {
    if (mode === "none") return await dropSlot(owner).then(() => ({ files: 0 }));
    await claimPlace();
    let files = 0;
    await tryEach(
      () => copyLogs(store), // small, and what a restore must not forget
      async () => void (files = await shipPending(owner, store)),
      () => copyGuides(store),
    );
    return { files };
  } finally {
    await disconnect(owner);
  }
}

/** Tries every step, whatever became of those before it. Throws the first error. */
async function tryEach(...steps: (() => Promise<unknown>)[]): Promise<void> {
  const outcomes: PromiseSettledResult<unknown>[] = [];
  for (const step of steps) outcomes.push(...(await Promise.allSettled([step()])));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

/**
 * Copies the logs in this process's DATA_DIR beside the exports, and deletes what is too old there: a job of every process, since machines
 * that share a database (DATABASE_URL) do not reach each other's files. Those of an embedded database go with its log.
 */
export async function copyOwnLogs(now: Date): Promise<{ files: number }> {
  if (backupMode() !== "export") return { files: 0 };
  await claimPlace();
  pruneOwnAcceptances(acceptancesBefore(now, settings().values.keep_backup_days));
  return { files: await copyLogs(configuredStore()) };
}

async function shipPending(owner: Db, store: ObjectStore): Promise<number> {
  const { parts, end, isNew } = await pendingWal(owner);
  if (isNew) endSet(); // log is missing in between: within a set there is none
  const set = currentSet(await systemIdentifier(owner));
  for (const part of parts)
    await store.put(
      `${walPrefix(set)}${part.name}${sealedSuffix}`,
      await sealObject(await readWal(env.DATA_DIR, part)),
    );
  await releaseWal(owner, end);
  return parts.length;
}

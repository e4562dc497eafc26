/** Heartbeats: each process on this database writes every few seconds that it runs, and which keys it knows. */

import { hostname } from "node:os";
import { eq, gt, lt, sql } from "drizzle-orm";
import { databaseNow } from "#db/calendar/clock.ts";
import { db, type Executor, listen } from "#db/client.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { newId } from "#db/random/ids.ts";
import { processes } from "#db/schema/processes.ts";
import packageJson from "#package.json" with { type: "json" };
import { keepKeyFiles, knownKeyIds, loadKeys, openSecrets, refreshKeys } from "./vault.ts";
import type { KeyKind } from "./written-keys.ts";

export type RunningProcess = typeof processes.$inferSelect;

/** Channel on which a rotation tells running processes to look at their keys again. */
export const keysChannel = "vault_keys";

/** Milliseconds. */
export const heartbeatMs = 10_000;
/** A process without a heartbeat for so long was killed. */
export const staleAfterSeconds = 30;

/** The processes that run now, by the database's clock. */
export function runningProcesses(tx: Executor = db): Promise<RunningProcess[]> {
  return tx
    .select()
    .from(processes)
    .where(gt(processes.seenAt, sql`${databaseNow} - make_interval(secs => ${staleAfterSeconds})`))
    .orderBy(processes.startedAt);
}

/**
 * Opens the vault for a process that stays, lists the process as running and keeps its keys up to date
 * until `unregister`. It is listed before it reads which key wraps: so either a rotation sees it in time,
 * or it sees that a rotation has changed the key, and refuses to start without knowing that one.
 */
export async function registerProcess(
  role: RunningProcess["role"],
): Promise<{ made: KeyKind[]; unregister: () => Promise<void> }> {
  const made = await loadKeys();
  const id = newId();
  const remove = async () => void (await db.delete(processes).where(eq(processes.id, id)));
  await db.delete(processes).where(lt(processes.seenAt, sql`${databaseNow} - interval '1 day'`));
  await writeHeartbeat(id, role);
  try {
    await openSecrets();
    await writeHeartbeat(id, role);
  } catch (error) {
    await remove();
    throw error;
  }
  const stopHeartbeat = startHeartbeat(() => writeHeartbeat(id, role));
  return {
    made,
    unregister: async () => {
      await stopHeartbeat();
      keepKeyFiles();
      await remove();
    },
  };
}

/** Where a process with this environment has the vault's keys from. */
export const vaultKeySource = (): RunningProcess["keySource"] =>
  env.VAULT_KEY === undefined ? "vault.key" : "VAULT_KEY";

async function writeHeartbeat(id: string, role: RunningProcess["role"]): Promise<void> {
  const now = { keyIds: knownKeyIds(), seenAt: databaseNow };
  const keySource = vaultKeySource();
  await db
    .insert(processes)
    .values({ id, role, host: hostname(), pid: process.pid, keySource, version: packageJson.version, ...now })
    .onConflictDoUpdate({ target: processes.id, set: now });
}

/** Reads the keys again and writes the heartbeat, at every tick and at every NOTIFY of a rotation; one at a time. */
function startHeartbeat(write: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  const beat = async () => {
    await refreshKeys().catch((error: unknown) => log("vault.refresh_failed", traceOf(error)));
    await write().catch((error: unknown) => log("process.unseen", traceOf(error)));
  };
  const next = () => {
    last = last.then(beat);
  };
  const timer = setInterval(next, heartbeatMs);
  timer.unref();
  // Without the channel, as behind a pooler, the next tick does the same.
  const listening = listen(keysChannel, next).catch(() => undefined);
  return async () => {
    clearInterval(timer);
    await (
      await listening
    )?.();
    await last;
  };
}

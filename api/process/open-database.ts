/** Opens the database for a process that stays, and tells a database that cannot be reached from one that refuses. */

import { setTimeout as sleep } from "node:timers/promises";
import { upgradeSettings } from "#api/readiness/upgrade.ts";
import { connect, connectUnavailable, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { migrate } from "#db/migrate.ts";
import { registerProcess } from "#db/vault/processes.ts";
import type { KeyKind } from "#db/vault/written-keys.ts";

/** A database that is migrated, with this process registered and the vault open. */
export interface OpenDatabase {
  /** Keys that were made just now. */
  made: KeyKind[];
  /** Takes this process off the list of running ones. */
  unregister: () => Promise<void>;
}

/** Milliseconds from one attempt to the next while the database cannot be reached. */
const retryMs = 1000;
/** Of the attempts in vain so many lead to one log line: one a minute. */
const attemptsPerLine = 60;

/**
 * Codes of an error that passes: nobody listens there yet, the name is not known yet (containers that start
 * together), no answer in time, or PostgreSQL is starting, stopping or has no free connection (class 57P, 53300).
 * Everything else is a refusal that waiting does not mend: a wrong password, a database that does not exist.
 */
const unreachable =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|CONNECT_TIMEOUT|CONNECTION_(?:CLOSED|DESTROYED|ENDED)|57P0[1-5]|53300)$/u;

/** The code of the error or of its cause (drizzle wraps the driver's errors), when the database cannot be reached. */
export function unreachableCode(error: unknown): string | undefined {
  const { code } = (error instanceof Error && error.cause instanceof Error ? error.cause : error) as { code?: unknown };
  return typeof code === "string" && unreachable.test(code) ? code : undefined;
}

/** Migrates, connects the pool and registers the process. Throws what hinders it; the pool then refuses as before. */
export async function openDatabase(url: string): Promise<OpenDatabase> {
  await migrate(url);
  const pool = connect(url);
  try {
    const opened = await registerProcess(env.ROLE);
    await upgradeSettings();
    return opened;
  } catch (error) {
    connectUnavailable();
    await disconnect(pool);
    throw error;
  }
}

/** Opens the database; undefined when it cannot be reached now. Throws where it refuses. */
async function tryToOpen(url: string): Promise<OpenDatabase | undefined> {
  return openDatabase(url).catch((error: unknown) => {
    if (unreachableCode(error) === undefined) throw error;
    return undefined;
  });
}

/**
 * Opens the database, and tries every second until it can be reached. `meanwhile` is called once, after the first attempt in vain, and is waited for.
 * Throws what `meanwhile` throws, and where the database refuses.
 */
export async function openWhenReachable(
  url: string,
  meanwhile: (code: string) => Promise<void>,
): Promise<OpenDatabase> {
  try {
    return await openDatabase(url);
  } catch (error) {
    const code = unreachableCode(error);
    if (code === undefined) throw error;
    log("database.unreachable", traceOf(error));
    await meanwhile(code);
  }
  for (let attempt = 1; ; attempt++) {
    await sleep(retryMs);
    const opened = await tryToOpen(url);
    if (opened) return opened;
    if (attempt % attemptsPerLine === 0) log("database.unreachable", { attempts: attempt });
  }
}

/** Importing an export into an empty installation, and putting it right as after a restore. */

import { mkdirSync } from "node:fs";
import { sql } from "drizzle-orm";
import { newestExport } from "#api/backup/exports.ts";
import { noteBackups } from "#api/backup/schedule.ts";
import { folderSource } from "#api/portable/folder.ts";
import { checkExport, importExport } from "#api/portable/import.ts";
import { rowsByTable } from "#api/portable/manifest.ts";
import { readLog } from "#db/backup/logs.ts";
import { configuredStore } from "#db/backup/store.ts";
import { connect, db, disconnect } from "#db/client.ts";
import { isInitialised, joinCluster, refuseInUse } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { rewriteSealedTables } from "#db/rewrite-tables.ts";
import { newKeysWarning } from "#db/vault/key-sheet.ts";
import { openVault } from "#db/vault/vault.ts";
import { acceptancesIn, restoreLedger } from "#emails/outbox/acceptances.ts";
import { repeatErasures, skipNumbers } from "./replay.ts";
import { settleKeys } from "./settle-keys.ts";
import { openOneCase } from "./verify.ts";

export interface ImportedExport {
  /** Rows by table, each compared with the export by count and hash. */
  tables: Record<string, number>;
  files: number;
  /** When the export was made. */
  createdAt: string;
  /** Families, guide requests, readers and entries that were erased after it was made, and readers who left since: they are so again. */
  erased: number;
  /** Messages that are known to have been accepted after it was made. */
  accepted: number;
  /** Messages that are known to have been accepted after it was made, and of which it knows nothing. */
  lost: number;
  /** Messages that this installation will send. */
  waiting: number;
  /** Characters of one case's message, opened as a proof; undefined where there is no case. */
  openedCharacters: number | undefined;
}

/**
 * Imports the export in this folder, without one the newest where backups go, into the database of DATABASE_URL or, without
 * it, of DATA_DIR. Erasures that the logs of DATA_DIR, of the export or beside the backups tell of are repeated, and messages
 * that they tell to be accepted are not sent again; all others stay as the export has them. Numbers that may have been given out
 * since are skipped, and keys that had to be made are told to `onStep`. Throws Refused as `importExport`
 * does, and while the product is running.
 */
export async function importFrom(
  directory: string | undefined,
  onStep: (sentence: string) => void,
): Promise<ImportedExport> {
  const source = directory === undefined ? await newestExport(configuredStore()) : folderSource(directory);
  refuseInUse(env.DATA_DIR);
  mkdirSync(env.DATA_DIR, { recursive: true, mode: 0o700 });
  // Before anything is written: a store that does not answer must not leave erased families readable.
  const stores = env.BACKUP_DAYS === 0 ? [] : [configuredStore()];
  const [tombstones, acceptances] = [await readLog("tombstones", stores), await readLog("accepted", stores)];
  // A database that is made for nothing would be in the way of a restore.
  if (env.DATABASE_URL === undefined && !isInitialised(env.DATA_DIR)) await checkExport(source);
  const cluster = env.DATABASE_URL === undefined ? await joinCluster(env.DATA_DIR) : undefined;
  const url = env.DATABASE_URL ?? cluster?.url ?? "";
  let isConnected = false;
  try {
    const manifest = await importExport(source, { url, onStep });
    const { createdAt } = manifest;
    connect(url, { pool: 4 });
    isConnected = true;
    const { made } = await openVault();
    if (made.length > 0) onStep(newKeysWarning(made));
    const erased = await repeatErasures([...tombstones, ...(await readLog("tombstones", []))]);
    if (erased > 0) await rewriteSealedTables();
    const { accepted, lost } = await restoreLedger(acceptancesIn(acceptances), { restoredTo: new Date(createdAt) });
    await skipNumbers();
    for (const sentence of await settleKeys(directory === undefined ? configuredStore() : undefined)) onStep(sentence);
    await noteBackups();
    const openedCharacters = await openOneCase();
    return {
      tables: rowsByTable(manifest),
      files: Object.keys(manifest.files).length,
      createdAt,
      erased,
      ...{ accepted, lost },
      waiting: await countWaiting(),
      openedCharacters,
    };
  } finally {
    if (isConnected) await disconnect();
    await cluster?.leave();
  }
}

async function countWaiting(): Promise<number> {
  const [row] = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from deliveries where state in ('queued', 'retry', 'leased')`,
  );
  return row?.count ?? 0;
}

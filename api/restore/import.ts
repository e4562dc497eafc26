/** Importing an export into an empty installation, and putting it right as after a restore. */

import { mkdirSync } from "node:fs";
import { sql } from "drizzle-orm";
import { storedExport } from "#api/backup/exports.ts";
import { noteBackups } from "#api/backup/schedule.ts";
import { folderSource } from "#api/portable/folder.ts";
import { checkExport, importExport } from "#api/portable/import.ts";
import { rowsByTable } from "#api/portable/manifest.ts";
import { logsPrefix, readLog } from "#db/backup/logs.ts";
import { configuredStore, type ObjectStore } from "#db/backup/store.ts";
import { connect, db, disconnect } from "#db/client.ts";
import { isInitialised, joinCluster, refuseInUse } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { rewriteSealedTables } from "#db/rewrite-tables.ts";
import { newKeysWarning } from "#db/vault/key-sheet.ts";
import { openVault } from "#db/vault/vault.ts";
import { acceptancesIn, restoreLedger } from "#emails/outbox/acceptances.ts";
import { noteRestore, repeatErasures, skipNumbers } from "./replay.ts";
import { settleKeys } from "./settle-keys.ts";
import { unknownUntil } from "./unknown-mails.ts";
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
  /** Messages of which nobody knows whether they went out after it was made. */
  uncertain: number;
  /** Messages that this installation will send. */
  waiting: number;
  /** Characters of one case's message, opened as a proof; undefined where there is no case. */
  openedCharacters: number | undefined;
}

/**
 * Imports the export in this folder into the database of DATABASE_URL or, without it, of DATA_DIR; without a folder the one of
 * that id where backups go, or the newest. Erasures that the logs of DATA_DIR, of the export or beside the backups tell of are repeated, and messages
 * that they tell to be accepted are not sent again. All others stay as the export has them, but after a loss: then an export that
 * was a backup comes back, which is written down as a restore, and messages that may have gone out become `uncertain` where the
 * logs may lack some. Numbers that may have been given out since are skipped, and keys that had to be made are told to `onStep`.
 * Throws Refused as `importExport` does, and while the product is running.
 */
export async function importFrom(
  { directory, exportId }: { directory?: string | undefined; exportId?: string | undefined },
  onStep: (sentence: string) => void,
): Promise<ImportedExport> {
  const backup = directory === undefined ? await storedExport(configuredStore(), exportId) : undefined;
  const source = backup ?? folderSource(directory ?? "");
  refuseInUse(env.DATA_DIR);
  mkdirSync(env.DATA_DIR, { recursive: true, mode: 0o700 });
  // Before anything is written: a store that does not answer must not leave erased families readable.
  const stores = env.BACKUP_DAYS === 0 && !backup ? [] : [configuredStore()];
  const [tombstones, acceptances] = [await readLog("tombstones", stores), await readLog("accepted", stores)];
  const until = backup && unknownUntil(configuredStore(), { areThere: await hasLogs(configuredStore()) });
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
    const restoredTo = new Date(createdAt);
    const ledger = await restoreLedger(acceptancesIn(acceptances), { restoredTo, unknownUntil: until });
    await skipNumbers();
    if (backup) await noteRestore({ backup: backup.name, restoredTo }, { erased, ...ledger });
    for (const sentence of await settleKeys(backup && configuredStore())) onStep(sentence);
    await noteBackups();
    const openedCharacters = await openOneCase();
    return {
      tables: rowsByTable(manifest),
      files: Object.keys(manifest.files).length,
      createdAt,
      erased,
      ...ledger,
      waiting: await countWaiting(),
      openedCharacters,
    };
  } finally {
    if (isConnected) await disconnect();
    await cluster?.leave();
  }
}

const hasLogs = async (store: ObjectStore): Promise<boolean> => (await store.list(logsPrefix)).length > 0;

async function countWaiting(): Promise<number> {
  const [row] = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from deliveries where state in ('queued', 'retry', 'leased')`,
  );
  return row?.count ?? 0;
}

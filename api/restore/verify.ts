/** Proving that a backup can be restored: it is, beside the running database, and one case of it is opened. */

import { rmSync } from "node:fs";
import { sql } from "drizzle-orm";
import { storedExport } from "#api/backup/exports.ts";
import type { Print } from "#api/backup/print.ts";
import type { LogGap, BackupManifest } from "#api/backup/sets.ts";
import { countRows } from "#api/backup/take.ts";
import { importExport } from "#api/portable/import.ts";
import { rowsByTable } from "#api/portable/manifest.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { connect, db, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { openVault, unseal, unwrap } from "#db/vault/vault.ts";
import { chooseBase } from "./choose-base.ts";
import { newScratchFolder, unpackBackup } from "./restore.ts";

export interface Verified {
  base: BackupManifest;
  restoredTo: Date;
  /** Where the log breaks off; undefined where it is whole. */
  gap: LogGap | undefined;
  /** Rows that came back, by table. */
  rows: Record<string, number>;
  /** Characters of the message that was opened; undefined where there is no case. The words themselves are shown nowhere. */
  openedCharacters: number | undefined;
  seconds: number;
}

/**
 * Restores the newest backup into a folder of its own, counts, opens one case, and deletes the folder. The database of DATA_DIR is
 * not touched. Throws what hinders a restore.
 */
export async function verifyBackup(store: ObjectStore, print: Print): Promise<Verified> {
  const started = performance.now();
  const base = await chooseBase(store, {});
  const { recovered, folder, gap } = await unpackBackup(store, base, undefined, print);
  try {
    return await withVault(recovered.url, async () => ({
      ...{ base, restoredTo: recovered.until ?? base.finishedAt, gap, rows: await countRows() },
      openedCharacters: await openOneCase(),
      seconds: Math.round((performance.now() - started) / 1000),
    }));
  } finally {
    await recovered.leave();
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface VerifiedExport extends Pick<Verified, "openedCharacters" | "seconds"> {
  /** In the store: "exports/ID". */
  name: string;
  /** When it was made. */
  createdAt: string;
  /** Rows that came back, by table, each compared with the export by count and hash. */
  tables: Record<string, number>;
  /** Each compared by hash. */
  files: number;
}

/**
 * Imports an export of a store, without an id the newest, into an embedded database in a folder of its own, opens one case, and
 * deletes the folder. Neither the database of DATABASE_URL nor that of DATA_DIR is touched. Throws what hinders an import.
 */
export async function verifyExport(store: ObjectStore, id: string | undefined, print: Print): Promise<VerifiedExport> {
  const started = performance.now();
  const { name, ...source } = await storedExport(store, id);
  return withScratchCluster(async (url, folder) => {
    const manifest = await importExport(source, { url, dataDir: folder, onStep: (step) => print(`  ${step}`) });
    const { createdAt, files } = manifest;
    return {
      ...{ name, createdAt, tables: rowsByTable(manifest), files: Object.keys(files).length },
      openedCharacters: await withVault(url, openOneCase),
      seconds: Math.round((performance.now() - started) / 1000),
    };
  });
}

async function withScratchCluster<T>(act: (url: string, folder: string) => Promise<T>): Promise<T> {
  const folder = await newScratchFolder();
  try {
    const cluster = await joinCluster(folder);
    try {
      return await act(cluster.url, folder);
    } finally {
      await cluster.leave();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does something while this process is connected to the database at `url`. */
async function withVault<T>(url: string, act: () => Promise<T>): Promise<T> {
  connect(url, { pool: 2 });
  try {
    await openVault();
    return await act();
  } finally {
    await disconnect();
  }
}

/** Opens the message of a case that holds its key. Returns its length; undefined where there is none. */
export async function openOneCase(): Promise<number | undefined> {
  const [row] = await db.execute<{ id: string; caseId: string; message: Buffer; wrapped: Buffer }>(sql`
    select c.id, k.id as "caseId", c.message, k.wrapped_key as wrapped
    from consultations c join cases k on k.id = c.case_id
    where k.wrapped_key is not null order by random() limit 1`);
  if (!row) return undefined;
  const key = unwrap(row.wrapped, "cases.wrapped_key", row.caseId);
  return [...unseal(key, row.message, "consultations.message", row.id)].length;
}

/** Backups from a terminal. */

import type { ObjectStore } from "#db/backup/store.ts";
import { type CommandAnswer, type Commands } from "#db/command.ts";
import { env } from "#db/env.ts";
import { exportToStore, listExports } from "./exports.ts";
import { megabytes, print, rowsInWords, storeOf } from "./print.ts";
import { listBases, type Manifest } from "./sets.ts";
import { takeBackup } from "./take.ts";

export const backupCommands: Commands = {
  "backup list": {
    usage: "backup list [DIR]",
    words: [0, 1],
    needsDatabase: false,
    run: ([directory]) => list(directory),
  },
  backup: {
    usage:
      "backup [DIR] [--gentle]   (into a folder; without one, where backups go: BACKUP_DIR or the bucket; --gentle: twenty times as long, at a twentieth of one core, as the product itself takes them)",
    options: { gentle: { type: "boolean" } },
    words: [0, 1],
    run: ([directory], _options, flags) => backup(directory, flags.has("gentle")),
  },
};

async function backup(directory: string | undefined, isGentle: boolean): Promise<CommandAnswer> {
  const store = storeOf(directory);
  if (env.DATABASE_URL !== undefined) return exportAsBackup(store);
  const onProgress = (copied: number, all: number) => print(`  ${megabytes(copied)} of ${megabytes(all)}`, true);
  const base = await takeBackup(store, { isGentle, onProgress });
  return {
    value: { ...base, store: store.description },
    lines: [
      `backup: ${store.description}`,
      `set ${base.set}, base ${base.id}: ${megabytes(base.bytes)}, sealed ${megabytes(base.sealedBytes)}`,
      `rows: ${rowsInWords(base.rows)}`,
      "It opens with the backup's key alone, and its words with the vault's key. Neither is in it: keep both elsewhere.",
    ],
  };
}

/** Where the database is elsewhere: the portable export, to the same place. */
async function exportAsBackup(store: ObjectStore): Promise<CommandAnswer> {
  const { id, rows } = await exportToStore(store);
  return {
    value: { store: store.description, export: id, rows },
    lines: [`export ${id}: ${store.description}`, "With DATABASE_URL use your provider's own backups beside it."],
  };
}

async function list(directory: string | undefined): Promise<CommandAnswer> {
  const store = storeOf(directory);
  const [bases, exports] = [await listBases(store), await listExports(store)];
  const found = [
    ...bases.map(lineOf),
    ...exports.map(({ id, finishedAt, bytes }) => `${finishedAt.toISOString()}   ${megabytes(bytes)}   export ${id}`),
  ];
  return {
    value: { store: store.description, bases, exports },
    lines: [store.description, ...(found.length === 0 ? ["no backup"] : found)],
  };
}

const lineOf = ({ set, finishedAt, sealedBytes, rows }: Manifest) =>
  `${finishedAt.toISOString()}   ${megabytes(sealedBytes)}   ${rows["cases"] ?? 0} cases   set ${set}`;

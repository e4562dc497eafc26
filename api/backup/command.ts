/** Backups from a terminal. */

import { type CommandAnswer, type Commands } from "#db/command.ts";
import { env } from "#db/env.ts";
import { Refused } from "#db/errors.ts";
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
    usage: "backup [DIR]   (into a folder; without one, where backups go: BACKUP_DIR or the bucket)",
    words: [0, 1],
    run: ([directory]) => backup(directory),
  },
};

async function backup(directory: string | undefined): Promise<CommandAnswer> {
  if (env.DATABASE_URL !== undefined)
    throw new Refused("DATABASE_URL is set: use `export DIR`, and your provider's own backups beside it.");
  const store = storeOf(directory);
  const onProgress = (copied: number, all: number) => print(`  ${megabytes(copied)} of ${megabytes(all)}`, true);
  const base = await takeBackup(store, { isUrgent: true, onProgress });
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

async function list(directory: string | undefined): Promise<CommandAnswer> {
  const store = storeOf(directory);
  const bases = await listBases(store);
  return {
    value: { store: store.description, bases },
    lines: [store.description, ...(bases.length === 0 ? ["no backup"] : bases.map(lineOf))],
  };
}

const lineOf = ({ set, finishedAt, sealedBytes, rows }: Manifest) =>
  `${finishedAt.toISOString()}   ${megabytes(sealedBytes)}   ${rows["cases"] ?? 0} cases   set ${set}`;

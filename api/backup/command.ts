/** Backups from a terminal. */

import { wrongKey } from "#db/backup/seal.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { momentInTokyo } from "#db/calendar/days.ts";
import { type CommandAnswer, type Commands } from "#db/command.ts";
import { env } from "#db/env.ts";
import { exportToStore, keyOfExport, listExports } from "./exports.ts";
import { megabytes, print, rowsInWords, storeOf } from "./print.ts";
import { type Base, readBases, walPrefix } from "./sets.ts";
import { takeBackup } from "./take.ts";

export const backupCommands: Commands = {
  "backup list": {
    usage: "backup list [DIR]",
    words: [0, 1],
    needsDatabase: false,
    run: ([directory]) => list(directory),
  },
  backup: {
    makesNone: true,
    usage:
      "backup [DIR] [--gentle]   (into a folder; without one, where backups go: BACKUP_DIR or the bucket; --gentle: forty times as long, at a fortieth of one core, as the product itself takes them)",
    options: { gentle: { type: "boolean" } },
    words: [0, 1],
    run: ([directory], _options, flags) => backup(directory, flags.has("gentle")),
  },
};

async function backup(directory: string | undefined, isGentle: boolean): Promise<CommandAnswer> {
  const store = storeOf(directory);
  if (env.DATABASE_URL !== undefined) return exportAsBackup(store);
  const onProgress = (copied: number, all: number) => print(`  ${megabytes(copied)} of ${megabytes(all)}`, true);
  const onWait = () =>
    print(
      "  Another backup is under way, as the product takes them by itself, slowly. This one begins when it has ended.",
    );
  const base = await takeBackup(store, { isGentle, onWait, onProgress });
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
  const [{ bases, closed }, exports] = [await readBases(store), await exportsWithKeys(store)];
  const closedExports = exports.filter(({ backupKey }) => backupKey === null);
  const lines = [
    ...(await linesOfBases(store, bases)),
    ...exports.map(({ id, finishedAt, bytes, backupKey }) =>
      line(finishedAt, megabytes(bytes), `export ${id}`, backupKey === null ? notOpened : `key id ${backupKey}`),
    ),
    ...closed.map(({ set, id }) => line(momentOf(id), `set ${set}, base ${id}`, notOpened)),
  ];
  const notOpening = closed.length + closedExports.length;
  return {
    value: { store: store.description, bases, closed, exports },
    lines: [
      store.description,
      ...(lines.length === 0 ? ["no backup"] : ["Times are those of Asia/Tokyo.", ...lines]),
      ...(notOpening > 0 ? [`NOT OPENED: ${notOpening}. ${wrongKey()}`] : []),
    ],
    failed: notOpening > 0 && notOpening === bases.length + closed.length + exports.length,
  };
}

const notOpened = "NOT OPENED";
const line = (at: Date | string, ...rest: string[]) =>
  [typeof at === "string" ? at : momentInTokyo(at), ...rest].join("   ");

/** When a base backup was begun, which its id says; the id where it says something else. */
function momentOf(id: string): Date | string {
  const at = new Date(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u, "$1-$2-$3T$4:$5:$6Z"));
  return Number.isNaN(at.getTime()) ? id : at;
}

/** Oldest first. Counts are those of the base; after the last of a set stands how far the log goes that a restore adds. */
async function linesOfBases(store: ObjectStore, bases: readonly Base[]): Promise<string[]> {
  const lines: string[] = [];
  for (const base of bases) {
    const { set, finishedAt, sealedBytes, rows, backupKey } = base;
    lines.push(
      line(
        finishedAt,
        megabytes(sealedBytes),
        `${rows["cases"] ?? 0} cases`,
        `set ${set}, base ${base.id}`,
        `key id ${backupKey}`,
      ),
    );
    if (base !== bases.findLast((other) => other.set === set)) continue;
    const reaches = (await store.list(walPrefix(set))).at(-1)?.writtenAt;
    if (reaches && reaches > finishedAt)
      lines.push(
        `  and the log since, until ${momentInTokyo(reaches)}: a restore brings that back, too (the cases counted are the base's)`,
      );
  }
  return lines;
}

/** Each with the id of the backups' key that opens it; null where none here does. */
async function exportsWithKeys(store: ObjectStore) {
  const exports = await listExports(store);
  return Promise.all(exports.map(async (one) => ({ ...one, backupKey: (await keyOfExport(store, one)) ?? null })));
}

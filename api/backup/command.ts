/** Backups from a terminal. */

import { claimPlace } from "#db/backup/place.ts";
import { altered, wrongKey } from "#db/backup/seal.ts";
import { configuredStore, type ObjectStore } from "#db/backup/store.ts";
import { momentInTokyo } from "#db/calendar/days.ts";
import { type CommandAnswer, type Commands } from "#db/command.ts";
import { env } from "#db/env.ts";
import { exportToStore, keyOfExport, listExports } from "./exports.ts";
import { existingStoreOf, gapInWords, megabytes, print, rowsInWords, storeOf } from "./print.ts";
import { type Base, type LogGap, logSince, readBases } from "./sets.ts";
import { takeBackup } from "./take.ts";

export const backupCommands: Commands = {
  "backup list": {
    usage: "backup list [DIR]",
    words: [0, 1],
    needsDatabase: false,
    run: ([directory]) => list(directory),
  },
  "backup new-place": {
    usage:
      "backup new-place   (where the folder BACKUP_DIR was emptied, or another disk put there, on purpose: backups begin anew in it)",
    words: [0, 0],
    needsDatabase: false,
    run: async () => {
      await claimPlace(true);
      const { description } = configuredStore();
      const line = `Backups go to ${description} from now on. The running product takes the first one within five minutes.`;
      return { value: { store: description }, lines: [line] };
    },
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
  if (env.DATABASE_URL !== undefined) return exportAsBackup(store, isGentle);
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
async function exportAsBackup(store: ObjectStore, isGentle: boolean): Promise<CommandAnswer> {
  const onFile = (name: string, rows?: number) => print(rows === undefined ? `  ${name}` : `  ${name}: ${rows}`, true);
  const { id, rows } = await exportToStore(store, { isGentle, onFile });
  return {
    value: { store: store.description, export: id, rows },
    lines: [`export ${id}: ${store.description}`, "With DATABASE_URL use your provider's own backups beside it."],
  };
}

async function list(directory: string | undefined): Promise<CommandAnswer> {
  const store = existingStoreOf(directory);
  const [{ bases, closed }, exports] = [await readBases(store), await exportsWithKeys(store)];
  const logs = await readLogs(store, bases);
  const closedExports = exports.filter(({ backupKey }) => backupKey === null);
  const lines = [
    ...bases.flatMap((base) => [lineOfBase(base), ...linesOfLog(base, logs)]),
    ...exports.map(({ id, finishedAt, bytes, backupKey }) =>
      line(finishedAt, megabytes(bytes), `export ${id}`, backupKey === null ? notOpened : `key id ${backupKey}`),
    ),
    ...closed.map(({ set, id, isDamaged }) =>
      line(momentOf(id), `set ${set}, base ${id}`, isDamaged ? "DAMAGED" : notOpened),
    ),
  ];
  const damaged = closed.filter(({ isDamaged }) => isDamaged).length;
  const notOpening = closed.length - damaged + closedExports.length;
  const useless = damaged + notOpening;
  return {
    value: { store: store.description, bases, logs, closed, exports },
    lines: [
      store.description,
      ...(lines.length === 0 ? ["no backup"] : ["Times are those of Asia/Tokyo.", ...lines]),
      ...(damaged > 0
        ? [`DAMAGED: ${damaged}. What such a base backup says of itself ${altered}, or is of a newer version.`]
        : []),
      ...(notOpening > 0 ? [`NOT OPENED: ${notOpening}. ${wrongKey()}`] : []),
    ],
    failed: useless > 0 && useless === bases.length + closed.length + exports.length,
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

/** Counts are those of the base. */
const lineOfBase = ({ set, id, finishedAt, sealedBytes, rows, backupKey }: Base) =>
  line(
    finishedAt,
    megabytes(sealedBytes),
    `${rows["cases"] ?? 0} cases`,
    `set ${set}, base ${id}`,
    `key id ${backupKey}`,
  );

/** How far the log of a set goes that a restore adds to its last base backup, as names tell; `backup verify` reads it, too. */
interface SetLog {
  set: string;
  /** Id of that base backup. */
  base: string;
  /** When the last of its objects was written that follow one another; undefined where there is none. */
  until: Date | undefined;
  gap: LogGap | undefined;
}

async function readLogs(store: ObjectStore, bases: readonly Base[]): Promise<SetLog[]> {
  const newest = new Map(bases.map((base) => [base.set, base]));
  return Promise.all(
    [...newest.values()].map(async (base) => {
      const { files, gap } = await logSince(store, base);
      return { set: base.set, base: base.id, until: files.findLast(({ object }) => object)?.object?.writtenAt, gap };
    }),
  );
}

function linesOfLog({ set, id, finishedAt }: Base, logs: readonly SetLog[]): string[] {
  const log = logs.find((one) => one.set === set && one.base === id);
  const until = log?.until && log.until > finishedAt ? log.until : undefined;
  return [
    ...(until
      ? [
          `  and the log since, until ${momentInTokyo(until)}: a restore brings that back, too (the cases counted are the base's)`,
        ]
      : []),
    ...(log?.gap ? [`  ${gapInWords(log.gap)}`] : []),
  ];
}

/** Each with the id of the backups' key that opens it; null where none here does. */
async function exportsWithKeys(store: ObjectStore) {
  const exports = await listExports(store);
  return Promise.all(exports.map(async (one) => ({ ...one, backupKey: (await keyOfExport(store, one)) ?? null })));
}

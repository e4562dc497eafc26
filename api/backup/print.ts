/** What the commands of backups and restores share: which store a line names, and how they tell what goes on. */

import { existsSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { openFolder } from "#db/backup/folder.ts";
import { altered } from "#db/backup/seal.ts";
import { configuredStore, type ObjectStore } from "#db/backup/store.ts";
import { Refused } from "#db/errors.ts";
import type { LogGap } from "./sets.ts";

/** Tells the administrator what goes on; a line that is `fleeting` replaces the one before on a terminal. */
export type Print = (line: string, fleeting?: boolean) => void;

/** The folder of that path, which is made when something is written; without one, where backups go. */
export const storeOf = (directory: string | undefined): ObjectStore =>
  directory === undefined ? configuredStore() : openFolder(resolve(directory));

/** The same, to read from. Throws Refused for a folder that is not there, which would look as if all backups were gone. */
export function existingStoreOf(directory: string | undefined): ObjectStore {
  const store = storeOf(directory);
  const { folder } = store;
  if (directory === undefined || folder === undefined) return store;
  if (!existsSync(folder)) throw new Refused(`There is no folder ${folder}.`);
  if (!statSync(folder).isDirectory())
    throw new Refused(`${folder} is a file. Name the folder in which the backups lie.`);
  if (basename(folder) === "sets" || basename(dirname(folder)) === "sets")
    throw new Refused(`${folder} is a part of a backup. Name the folder in which "sets" lies.`);
  return store;
}

/** Progress on stderr. On a terminal a fleeting line replaces the last one; elsewhere it is left out. */
export function print(line: string, fleeting = false): void {
  const isTerminal = process.stderr.isTTY;
  if (fleeting && !isTerminal) return;
  process.stderr.write(isTerminal ? `\r\u001B[K${line}${fleeting ? "" : "\n"}` : `${line}\n`);
}

const problems: Record<LogGap["problem"], string> = {
  missing: "is missing",
  damaged: altered,
  closed: "opens with no key for backups that is here (keys enter backup), or was altered",
  foreign: "holds other log than its name says",
  short: "is an older copy that ends early",
};

/** What a gap in the log costs, and what to do. */
export const gapInWords = ({ object, problem, unused }: LogGap): string =>
  [
    `THE LOG HAS A GAP: ${object} ${problems[problem]}.`,
    unused === 0 ? "" : `${unused} later ${unused === 1 ? "object" : "objects"} cannot be used without it.`,
    "If a copy of the place of the backups still has that object whole, put it back, and restore brings back the rest.",
  ]
    .filter(Boolean)
    .join(" ");

export const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** "54 cases, 80 leads" */
export const rowsInWords = (rows: Record<string, number>) =>
  Object.entries(rows)
    .map(([table, count]) => `${count} ${table}`)
    .join(", ");

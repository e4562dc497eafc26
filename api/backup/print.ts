/** What the commands of backups and restores share: which store a line names, and how they tell what goes on. */

import { openFolder } from "#db/backup/folder.ts";
import { altered } from "#db/backup/seal.ts";
import { configuredStore, type ObjectStore } from "#db/backup/store.ts";
import type { LogGap } from "./sets.ts";

/** Tells the administrator what goes on; a line that is `fleeting` replaces the one before on a terminal. */
export type Print = (line: string, fleeting?: boolean) => void;

/** The folder of that path; without one, where backups go. */
export const storeOf = (directory: string | undefined): ObjectStore =>
  directory === undefined ? configuredStore() : openFolder(directory);

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

/** Restoring, and proving that it would work, from a terminal. */

import { listExports } from "#api/backup/exports.ts";
import { existingStoreOf, gapInWords, print, rowsInWords } from "#api/backup/print.ts";
import { momentInTokyo } from "#db/calendar/days.ts";
import { type CommandAnswer, type Commands, textOption, WrongUsage } from "#db/command.ts";
import { env } from "#db/env.ts";
import { importFrom } from "./import.ts";
import { restore } from "./restore.ts";
import { verifyBackup, type VerifiedExport, verifyExport } from "./verify.ts";

export const restoreCommands: Commands = {
  "backup verify": {
    usage:
      "backup verify [DIR] [--export ID]   (restores the newest backup beside the database, counts, opens one case, deletes it again; with DATABASE_URL the newest export, with --export that one)",
    words: [0, 1],
    options: { export: textOption },
    needsDatabase: false,
    run: ([directory], { export: exportId }) => verify(directory, exportId),
  },
  restore: {
    usage:
      "restore [DIR] [--at ISO] [--set SET] [--base ID] [--replace]   (the product must not be running; ids as `backup list` names them)",
    words: [0, 1],
    options: { at: textOption, set: textOption, base: textOption, replace: { type: "boolean" } },
    needsDatabase: false,
    run: ([directory], { at, set, base }, flags) =>
      restoreFrom(directory, { at, set, baseId: base, mayReplace: flags.has("replace") }),
  },
  import: {
    usage:
      "import [DIR | --export ID]   (an export, without DIR the newest where backups go or that of the id as `backup list` names it, into an empty DATA_DIR or DATABASE_URL; the old installation must be switched off)",
    words: [0, 1],
    options: { export: textOption },
    needsDatabase: false,
    run: ([directory], { export: exportId }) => importHere(directory, exportId),
  },
};

async function verify(directory: string | undefined, exportId: string | undefined): Promise<CommandAnswer> {
  const store = existingStoreOf(directory);
  const takesExports = env.DATABASE_URL !== undefined && (await listExports(store)).length > 0;
  if (exportId !== undefined || takesExports) return exportInWords(await verifyExport(store, exportId, print));
  const value = await verifyBackup(store, print);
  const { base, restoredTo, gap, rows, openedCharacters, seconds } = value;
  return {
    value,
    lines: [
      `restored to ${momentInTokyo(restoredTo)} from the backup of ${momentInTokyo(base.finishedAt)} in ${seconds} s, and deleted again`,
      `rows: ${rowsInWords(rows)}`,
      openedInWords(openedCharacters),
      ...(gap ? [gapInWords(gap)] : []),
    ],
    failed: gap !== undefined,
  };
}

function exportInWords(value: VerifiedExport): CommandAnswer {
  const { name, createdAt, tables, files, openedCharacters, seconds } = value;
  return {
    value,
    lines: [
      `imported ${name} of ${momentInTokyo(new Date(createdAt))} into a database of its own in ${seconds} s, and deleted it again`,
      importedInWords(tables, files, openedCharacters),
    ],
  };
}

async function restoreFrom(
  directory: string | undefined,
  { at, ...how }: { at: string | undefined; set: string | undefined; baseId: string | undefined; mayReplace: boolean },
): Promise<CommandAnswer> {
  const result = await restore(existingStoreOf(directory), { ...how, at: momentOf(at), print });
  const { restoredTo, counts, gap, movedTo, seconds } = result;
  const isLost = at !== undefined || gap !== undefined;
  return {
    value: result,
    lines: [
      `restored to ${momentInTokyo(restoredTo)} (Asia/Tokyo) in ${seconds} s; ${isLost ? "what was written later is lost" : "if anything was written later, it is lost"}`,
      ...(gap ? [gapInWords(gap)] : []),
      `rows: ${rowsInWords(counts.rows)}`,
      `erased or unsubscribed again: ${counts.erased}`,
      mailsInWords(counts.accepted, counts.lost),
      `copies of later issues, known sent: ${counts.skipped}; mails of which nobody knows (uncertain): ${counts.uncertain}`,
      ...(movedTo === undefined
        ? []
        : [
            `what was here before: ${movedTo}`,
            "  Delete that folder once you have looked at what was restored: no erasure and no retention reaches into it.",
          ]),
      `Start the product as usual. ${saysWhatWasLost}`,
    ],
  };
}

async function importHere(directory: string | undefined, exportId: string | undefined): Promise<CommandAnswer> {
  if (directory !== undefined && exportId !== undefined)
    throw new WrongUsage(
      "DIR names an export by itself: --export is for those where backups go (BACKUP_DIR or the bucket).",
    );
  const value = await importFrom({ directory, exportId }, (sentence) => print(`  ${sentence}`));
  const { tables, files, createdAt, erased, accepted, lost, uncertain, waiting, openedCharacters } = value;
  const isBackup = directory === undefined;
  return {
    value,
    lines: [
      `imported: ${importedInWords(tables, files, openedCharacters)}`,
      `erased or unsubscribed again: ${erased}`,
      mailsInWords(accepted, lost),
      `This is how it was at ${momentInTokyo(new Date(createdAt))} (Asia/Tokyo). The installation that it comes from must be switched off before this one starts:`,
      `${waiting} messages wait to be sent, and whichever of the two runs sends them.`,
      ...(isBackup ? [`mails of which nobody knows (uncertain): ${uncertain}`, saysWhatWasLost] : []),
      "Everybody signs in again. Variables of the environment (PUBLIC_ORIGIN, SMTP_URL, DKIM) are not part of an export.",
    ],
  };
}

const saysWhatWasLost = "/staff/settings/backups says what was lost.";

function importedInWords(tables: Record<string, number>, files: number, opened: number | undefined): string {
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0);
  return `${rows} rows in ${Object.keys(tables).length} tables, each compared by count and hash; files: ${files}; ${openedInWords(opened)}`;
}

const openedInWords = (characters: number | undefined) =>
  characters === undefined ? "no case to open" : `opened one case (${characters} characters)`;

const mailsInWords = (accepted: number, lost = 0) =>
  `mails known to be sent: ${accepted} that waited here were marked as sent; ${lost} more went out for requests that are lost`;

function momentOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/u.test(text) || Number.isNaN(at.getTime()))
    throw new WrongUsage("--at needs a moment with its offset, like 2026-11-28T16:20:00+09:00");
  return at;
}

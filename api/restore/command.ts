/** Restoring, and proving that it would work, from a terminal. */

import { existingStoreOf, gapInWords, print, rowsInWords } from "#api/backup/print.ts";
import { momentInTokyo } from "#db/calendar/days.ts";
import { type CommandAnswer, type Commands, textOption, WrongUsage } from "#db/command.ts";
import { importFrom } from "./import.ts";
import { restore } from "./restore.ts";
import { verifyBackup } from "./verify.ts";

export const restoreCommands: Commands = {
  "backup verify": {
    usage:
      "backup verify [DIR]   (restores the newest backup beside the database, counts, opens one case, deletes it again)",
    words: [0, 1],
    needsDatabase: false,
    run: ([directory]) => verify(directory),
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
      "import [DIR]   (an export, without DIR the newest where backups go, into an empty DATA_DIR or DATABASE_URL; the old installation must be switched off)",
    words: [0, 1],
    needsDatabase: false,
    run: ([directory]) => importHere(directory),
  },
};

async function verify(directory: string | undefined): Promise<CommandAnswer> {
  const value = await verifyBackup(existingStoreOf(directory), print);
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
      "Start the product as usual. /staff/settings/backups says what was lost.",
    ],
  };
}

async function importHere(directory: string | undefined): Promise<CommandAnswer> {
  const value = await importFrom(directory, (sentence) => print(`  ${sentence}`));
  const { tables, files, createdAt, erased, accepted, lost, waiting, openedCharacters } = value;
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0);
  return {
    value,
    lines: [
      `imported: ${rows} rows in ${Object.keys(tables).length} tables, each compared by count and hash; files: ${files}; ${openedInWords(openedCharacters)}`,
      `erased or unsubscribed again: ${erased}`,
      mailsInWords(accepted, lost),
      `This is how it was at ${momentInTokyo(new Date(createdAt))} (Asia/Tokyo). The installation that it comes from must be switched off before this one starts:`,
      `${waiting} messages wait to be sent, and whichever of the two runs sends them.`,
      "Everybody signs in again. Variables of the environment (PUBLIC_ORIGIN, SMTP_URL, DKIM) are not part of an export.",
    ],
  };
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

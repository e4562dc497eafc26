/** The command `import-ads`: plain values for scripts, and lines for people. */

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { AdsSource } from "#analytics/ad-files/source.ts";
import { periodFromInput, periodInJapanese } from "#analytics/period.ts";
import { type Commands, textOption, WrongUsage } from "#db/command.ts";
import { adReport, importStep, type ImportStep } from "#db/terms/attribution.ts";
import { importAds, type ImportOptions } from "./import.ts";
import {
  accountDoubt,
  type ImportedFile,
  plainChanges,
  type PlainChange,
  type PlainChanges,
  type PlainFigures,
  plainOf,
} from "./plain.ts";
import { undoImport, type UndoResult } from "./undo.ts";

/** Imports files by path. `refused` counts the files of which nothing was taken in. */
export async function importAdsCommand(
  paths: string[],
  options: ImportOptions = {},
): Promise<{ files: ImportedFile[]; refused: number; lines: string[] }> {
  const files: ImportedFile[] = [];
  for (const path of paths) {
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) files.push({ file: basename(path), refusals: ["ファイルを開けません。"] });
    else files.push(...(await importAds([fileAt(path)], options)).map(plainOf));
  }
  return { files, refused: files.filter((f) => f.refusals.length > 0).length, lines: files.flatMap(linesOfFile) };
}

/** Shows on a terminal how far an import is, on one line; a log gets a line for each step. */
export function progressOn(output: { isTTY?: boolean; write: (text: string) => unknown }) {
  let [shown, at] = ["", 0];
  return {
    onProgress: (step: ImportStep, rows: number) => {
      if (step === shown && (output.isTTY !== true || Date.now() - at < 200)) return;
      [shown, at] = [step, Date.now()];
      const line = `${importStep[step]}（${rows} 行）`;
      output.write(output.isTTY === true ? `\r\u001b[K${line}` : `${line}\n`);
    },
    /** Makes way for the answer. */
    end: () => output.isTTY === true && output.write("\r\u001b[K"),
  };
}

const fileAt = (path: string): AdsSource => ({ name: basename(path), open: () => createReadStream(path) });

function linesOfFile(f: ImportedFile): string[] {
  if (f.refusals.length > 0) return [`× ${f.file}`, ...f.refusals.map((sentence) => `   ${sentence}`)];
  const figures = (p: PlainFigures) => `表示 ${p.impressions} / クリック ${p.clicks} / 費用 ${p.cost} ${f.currency}`;
  const kind = f.report ? adReport[f.report] : "";
  return [
    `○ ${f.file}`,
    `   ${kind}のレポート、アカウント「${f.account}」、${f.period ? periodInJapanese(f.period) : ""}、${f.rows} 行`,
    ...(f.sums ? [`   行の合計: ${figures(f.sums)}`] : []),
    ...Object.entries(f.totals ?? {}).map(([label, total]) => `   ファイルの「${label}」: ${figures(total)}`),
    ...(f.remainder ? [`   「${f.remainder.of}」との差: ${figures(f.remainder)}`] : []),
    ...(f.coverage === undefined ? [] : [`   行に現れるクリック: ${f.coverage.toFixed(1)}%`]),
    ...changeLines(f, f.currency),
    ...(f.id === undefined ? ["   まだ取り込んでいません。"] : [`   取り消すには: import-ads --undo ${f.id}`]),
    ...[accountDoubt(f) ?? [], f.notes ?? []].flat().map((sentence) => `   ${sentence}`),
  ];
}

const changeLines = ({ changes = [], changesOutside = [] }: Partial<PlainChanges>, currency?: string): string[] => [
  ...changes.map((change) => `   ${changeLine(change, currency)}`),
  ...changesOutside.map((change) => `   このファイルの期間のほかの日: ${changeLine(change, currency)}`),
];

const changeLine = ({ campaign, before, after }: PlainChange, currency = "") =>
  `${campaign || "（キャンペーン不明）"}: 数える費用 ${before.cost} → ${after.cost} ${currency}、クリック ${before.clicks} → ${after.clicks}`;

async function undoCommand(id: string) {
  const { changes, ...undone }: UndoResult = await undoImport(null, id);
  const plain = plainChanges(changes, undone.currency);
  const lines = [
    `「${undone.file}」（${undone.account}、${periodInJapanese(undone.period)}、${undone.rows} 行）の取り込みを取り消しました。`,
    ...changeLines(plain, undone.currency),
  ];
  return { value: { undone: { ...undone, ...plain } }, lines };
}

export const importCommands: Commands = {
  "import-ads": {
    usage:
      "import-ads FILE… [--account NAME] [--currency XXX] [--time-zone ZONE] [--from YYYY-MM-DD --to YYYY-MM-DD] [--dry-run] | import-ads --undo ID",
    words: [0, 1000],
    options: {
      ...{ account: textOption, currency: textOption, "time-zone": textOption, from: textOption, to: textOption },
      ...{ undo: textOption, "dry-run": { type: "boolean" } },
    },
    run: async (files, { account, currency, "time-zone": timeZone, from, to, undo }, flags) => {
      if ((undo === undefined) === (files.length === 0))
        throw new WrongUsage("Name the files to import, or --undo and an id.");
      if (undo !== undefined) return undoCommand(undo);
      if ((from === undefined) !== (to === undefined)) throw new WrongUsage("--from and --to go together.");
      const period = from === undefined ? undefined : periodFromInput({ from, to });
      const options = { account, currency, timeZone, period, dryRun: flags.has("dry-run") };
      const { onProgress, end } = progressOn(process.stderr);
      const { lines, ...value } = await importAdsCommand(files, { ...options, onProgress });
      end();
      return { value, lines, failed: value.refused > 0 };
    },
  },
};

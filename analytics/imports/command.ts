/** The command `import-ads`: plain values for scripts, and lines for people. */

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { decimalOf } from "#analytics/money.ts";
import { periodInJapanese } from "#analytics/period.ts";
import { type Commands, textOption } from "#db/command.ts";
import type { Figures } from "./ads-file.ts";
import { importAds, type ImportResult } from "./ads-import.ts";

/** Counts as numbers, money as a decimal string. */
interface PlainFigures {
  impressions: number;
  clicks: number;
  cost: string;
}

/** One file as JSON; refused files carry their sentences in `refusals` and nothing else. */
interface ImportedFile {
  file: string;
  refusals: string[];
  report?: string;
  account?: string;
  currency?: string;
  period?: { from: string; to: string };
  rows?: number;
  sums?: PlainFigures;
  totals?: Record<string, PlainFigures>;
  /** The file's widest total minus its rows. */
  remainder?: PlainFigures & { of: string };
  /** Per cent of that total's clicks that the rows hold. */
  coverage?: number;
  notes?: string[];
}

/** Imports files by path. `refused` counts the files of which nothing was taken in. */
export async function importAdsCommand(
  paths: string[],
  options: { account?: string; currency?: string } = {},
): Promise<{ files: ImportedFile[]; refused: number; lines: string[] }> {
  const files: ImportedFile[] = [];
  for (const path of paths) {
    const bytes = await readFile(path).catch(() => undefined);
    if (!bytes) files.push({ file: basename(path), refusals: ["ファイルを開けません。"] });
    else files.push(...(await importAds([{ name: basename(path), bytes }], options)).map(plainOf));
  }
  return { files, refused: files.filter((f) => f.refusals.length > 0).length, lines: files.flatMap(linesOfFile) };
}

function plainOf(result: ImportResult): ImportedFile {
  if (result.refusal !== undefined) return { file: result.file, refusals: [result.refusal] };
  const { file, report, account, currency = "", period, rows, sums, totals = {}, coverage, notes = [] } = result;
  const plain = (figures: Figures) => ({ ...figures, cost: signed(figures.cost, currency) });
  return {
    file,
    refusals: [],
    report,
    account,
    currency,
    period,
    rows,
    sums: sums && plain(sums),
    totals: Object.fromEntries(Object.entries(totals).map(([label, figures]) => [label, plain(figures)])),
    remainder: coverage && { of: coverage.of, ...plain(coverage.remainder) },
    coverage: coverage?.percent,
    notes,
  };
}

/** A remainder can be negative where a file does not add up. */
const signed = (micros: bigint, currency: string) =>
  micros < 0n ? `-${decimalOf(-micros, currency)}` : decimalOf(micros, currency);

function linesOfFile(f: ImportedFile): string[] {
  if (f.refusals.length > 0) return [`× ${f.file}`, ...f.refusals.map((sentence) => `   ${sentence}`)];
  const figures = (p: PlainFigures) => `表示 ${p.impressions} / クリック ${p.clicks} / 費用 ${p.cost} ${f.currency}`;
  const kind = f.report === "keywords" ? "キーワード" : "検索語句";
  return [
    `○ ${f.file}`,
    `   ${kind}のレポート、アカウント「${f.account}」、${f.period ? periodInJapanese(f.period) : ""}、${f.rows} 行`,
    ...(f.sums ? [`   行の合計: ${figures(f.sums)}`] : []),
    ...Object.entries(f.totals ?? {}).map(([label, total]) => `   ファイルの「${label}」: ${figures(total)}`),
    ...(f.remainder ? [`   「${f.remainder.of}」との差: ${figures(f.remainder)}`] : []),
    ...(f.coverage === undefined ? [] : [`   行に現れるクリック: ${f.coverage.toFixed(1)}%`]),
    ...(f.notes ?? []).map((sentence) => `   ${sentence}`),
  ];
}

export const importCommands: Commands = {
  "import-ads": {
    usage: "import-ads FILE… [--account NAME] [--currency XXX]",
    words: [1, 1000],
    options: { account: textOption, currency: textOption },
    run: async (files, { account, currency }) => {
      const { lines, ...value } = await importAdsCommand(files, { account, currency });
      return { value, lines, failed: value.refused > 0 };
    },
  },
};

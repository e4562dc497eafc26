/** Imports exports of advertising cost, each file once and no day twice. */

import { createHash } from "node:crypto";
import { and, eq, gte, lte, ne, sql } from "drizzle-orm";
import { exactDecimal } from "#analytics/money.ts";
import { type Period, periodInJapanese } from "#analytics/period.ts";
import { audit } from "#db/actor.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { adImports, adSpend, searchTerms } from "#db/schema/attribution.ts";
import { type AdsFile, type AdsRow, type Figures, readAdsFile } from "./ads-file.ts";
import { type Coverage, coverageOf, sumOf } from "./coverage.ts";

/** Key of the advisory lock; any number that the migrations do not use. */
const importLock = 7_203_115;

/** What became of one file. Everything but `file` and `refusal` is absent where it was refused. */
export interface ImportResult {
  file: string;
  /** The sentence to show when nothing of the file was taken in. */
  refusal?: string;
  id?: string;
  report?: AdsFile["report"];
  account?: string;
  currency?: string;
  period?: Period;
  rows?: number;
  /** The rows added up by us. */
  sums?: Figures;
  /** What the file itself says its totals are, by its own labels. */
  totals?: Record<string, Figures>;
  coverage?: Coverage;
  /** Sentences on what the file replaced, and on what does not add up. */
  notes?: string[];
}

/**
 * Imports each file in a transaction of its own; one refused does not hold the others up. `account`
 * names the advertising account (default: the customer number in the file, or
 * one name per currency, since currencies must never meet), `currency` (ISO 4217)
 * counts where the file has no column for it. Throws only for what is no fault of a file.
 */
export async function importAds(
  files: { name: string; bytes: Uint8Array }[],
  options: { account?: string; currency?: string } = {},
): Promise<ImportResult[]> {
  const results: ImportResult[] = [];
  for (const { name, bytes } of files) {
    try {
      results.push(await importFile(name, bytes, options));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      results.push({ file: name, refusal: error.message });
    }
  }
  return results;
}

async function importFile(
  name: string,
  bytes: Uint8Array,
  options: { account?: string; currency?: string },
): Promise<ImportResult> {
  const file = readAdsFile(bytes);
  const currency = currencyOf(file, options.currency);
  const account = options.account?.trim() || file.customer || `Google 広告（${currency}）`;
  const fileHash = createHash("sha256").update(bytes).digest("hex");
  const { report, period, rows, totals } = file;
  const id = newId();
  const notes = await transaction(async (tx) => {
    // Imports wait for each other, or two at once would miss each other's rows and files.
    await tx.execute(sql`select pg_advisory_xact_lock(${importLock})`);
    await refuseKnown(tx, fileHash, account, currency);
    const replaced = await replaceOverlap(tx, account, report, period);
    const kept = Object.fromEntries([...totals].map(([l, f]) => [l, { ...f, cost: exactDecimal(f.cost) }]));
    const { from: periodFrom, to: periodTo } = period;
    await tx
      .insert(adImports)
      .values({ id, fileHash, fileName: name, report, account, currency, periodFrom, periodTo, totals: kept });
    await insertRows(tx, id, file);
    await audit(tx, null, "import", "ad_import", id, { rows: rows.length, report });
    return replaced;
  });
  const sums = sumOf(rows);
  return {
    file: name,
    id,
    report,
    account,
    currency,
    period,
    rows: rows.length,
    sums,
    totals: Object.fromEntries(totals),
    coverage: coverageOf(sums, totals),
    notes: [...notes, ...checkTotals(sums, totals)],
  };
}

function currencyOf(file: AdsFile, option: string | undefined): string {
  const currency = (file.currency ?? option ?? "").trim().toUpperCase();
  if (currency === "")
    throw new Refused(
      "通貨が分かりません。ファイルに通貨コードの列がないので、--currency JPY のように指定してください。",
    );
  if (!/^[A-Z]{3}$/u.test(currency)) throw new Refused(`「${currency}」は通貨コードではありません。`);
  return currency;
}

async function refuseKnown(tx: Executor, fileHash: string, account: string, currency: string): Promise<void> {
  const [same] = await tx.select().from(adImports).where(eq(adImports.fileHash, fileHash));
  if (same) throw new Refused(`このファイルは「${same.fileName}」として取り込み済みです。二重には数えません。`);
  const [other] = await tx
    .select()
    .from(adImports)
    .where(and(eq(adImports.account, account), ne(adImports.currency, currency)));
  if (other)
    throw new Refused(
      `アカウント「${account}」の通貨はこれまで ${other.currency} でした。${currency} のファイルは、--account で別の名前を付けて取り込んでください。`,
    );
}

/**
 * Clears the period of older rows of the same account and report. Days give way day by day; a sum over
 * a period cannot be cut, so it gives way only to a file that covers it wholly, and otherwise stands.
 */
async function replaceOverlap(
  tx: Executor,
  account: string,
  report: AdsFile["report"],
  period: Period,
): Promise<string[]> {
  const table = report === "keywords" ? adSpend : searchTerms;
  const older = await tx
    .select()
    .from(adImports)
    .where(
      and(
        eq(adImports.account, account),
        eq(adImports.report, report),
        lte(adImports.periodFrom, period.to),
        gte(adImports.periodTo, period.from),
      ),
    );
  const replaced: string[] = [];
  for (const old of older) {
    const known = { from: old.periodFrom, to: old.periodTo };
    const covered = period.from <= known.from && known.to <= period.to;
    if (covered) {
      await tx.delete(adImports).where(eq(adImports.id, old.id)); // its rows go with it
      replaced.push(`「${old.fileName}」（${periodInJapanese(known)}）を置き換えました。`);
      continue;
    }
    const [sumRow] = await tx
      .select({ id: table.id })
      .from(table)
      .where(and(eq(table.importId, old.id), ne(table.dateFrom, table.dateTo)))
      .limit(1);
    if (sumRow)
      throw new Refused(
        `取り込み済みの「${old.fileName}」は ${periodInJapanese(known)} の合計で、日ごとに分けられません。この期間をすべて含むファイルか、重ならないファイルを取り込んでください。`,
      );
    const gone = await tx
      .delete(table)
      .where(and(eq(table.importId, old.id), gte(table.dateFrom, period.from), lte(table.dateTo, period.to)))
      .returning({ id: table.id });
    await tx
      .update(adImports)
      .set({ ...remaining(known, period), totals: {} })
      .where(eq(adImports.id, old.id));
    const overlap = { from: max(known.from, period.from), to: min(known.to, period.to) };
    replaced.push(`「${old.fileName}」のうち ${periodInJapanese(overlap)} の ${gone.length} 行を置き換えました。`);
  }
  return replaced;
}

const max = (a: string, b: string) => (a > b ? a : b);
const min = (a: string, b: string) => (a < b ? a : b);

/** The period an older file still covers; a gap in its middle leaves its ends where they were. */
function remaining(known: Period, period: Period): { periodFrom?: string; periodTo?: string } {
  if (period.from <= known.from) return { periodFrom: dayAfter(period.to) };
  if (period.to >= known.to) return { periodTo: dayAfter(period.from, -1) };
  return { periodFrom: known.from };
}

async function insertRows(tx: Executor, importId: string, file: AdsFile): Promise<void> {
  // PostgreSQL takes 65,535 parameters a statement.
  for (let at = 0; at < file.rows.length; at += 2000) {
    const part = file.rows.slice(at, at + 2000).map((row) => columnsOfRow(importId, row));
    if (file.report === "keywords") await tx.insert(adSpend).values(part);
    else await tx.insert(searchTerms).values(part);
  }
}

function columnsOfRow(importId: string, { from, to, cost, term = "", ...row }: AdsRow) {
  return { ...row, importId, dateFrom: from, dateTo: to, term, cost: exactDecimal(cost) };
}

/** Rows that exceed every total the file states: something was cut off or added by hand. */
function checkTotals(sums: Figures, totals: Map<string, Figures>): string[] {
  if (totals.size === 0) return [];
  const fits = [...totals.values()].some(
    (total) => sums.clicks <= total.clicks && sums.impressions <= total.impressions && sums.cost <= total.cost,
  );
  return fits ? [] : ["行の合計が、ファイルに書かれたどの合計よりも大きくなっています。書き出し直してください。"];
}

/** Imports exports of advertising cost: each file once; what counts of it beside the others is recount's to say. */

import { sql } from "drizzle-orm";
import { type AdsFile, type AdsHead, readAds } from "#analytics/ad-files/ads-file.ts";
import type { AdsRow, Figures } from "#analytics/ad-files/bid.ts";
import { type Coverage, coverageOf } from "#analytics/ad-files/coverage.ts";
import { NeedsChoice } from "#analytics/ad-files/needs-choice.ts";
import { type AdsSource, sourceOf } from "#analytics/ad-files/source.ts";
import { exactDecimal } from "#analytics/money.ts";
import type { Period } from "#analytics/period.ts";
import { BidIds, findSameBids } from "#analytics/spend/bids.ts";
import { planForManyRows } from "#analytics/spend/plan.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { adImports } from "#db/schema/attribution.ts";
import type { AdGranularity, AdPlatform, AdReport, ImportStep } from "#db/terms/attribution.ts";
import { type Account, accountOf, type AccountChoice, refuseKnown } from "./account.ts";
import { type Changes, recountAndCompare } from "./changes.ts";
import { insertLines } from "./lines.ts";

/** Key of the advisory lock on which imports and undoing them wait; any number that the migrations do not use. */
const importLock = 7_203_115;

/** Imports and their undoing wait for each other, or two at once would miss each other's lines and files. */
export const lockImports = (tx: Transaction) => tx.execute(sql`select pg_advisory_xact_lock(${importLock})`);

/** Whether the lock is ours now: false while an import or an undoing is under way. */
export async function tryLockImports(tx: Transaction): Promise<boolean> {
  const [row] = await tx.execute<{ locked: boolean }>(sql`select pg_try_advisory_xact_lock(${importLock}) as locked`);
  return row?.locked ?? false;
}

export interface ImportOptions extends AccountChoice {
  /** The period of a file that states none. */
  period?: Period;
  /** Says what would become of the files, and changes nothing. */
  dryRun?: boolean;
  /** Called now and then with the number of rows read, and at each step. */
  onProgress?: (step: ImportStep, rows: number) => Promise<void> | void;
  now?: Date;
}

/** What became, or would become, of one file. Everything but `file` and `refusal` is absent where it was refused. */
export interface ImportResult {
  file: string;
  /** The sentence to show when nothing of the file was taken in. */
  refusal?: string;
  /** Of a refused one: saying the account, currency, time zone or period may mend it. */
  needsChoice?: boolean;
  id?: string;
  report?: AdReport;
  platform?: AdPlatform;
  account?: string;
  currency?: string;
  timeZone?: string;
  /** True for the first import of an account: only then somebody has to say whose days its dates are. */
  isNewAccount?: boolean;
  /** Of a new account: others that may be the same under another name, whose cost would then be counted twice. */
  otherAccounts?: string[];
  period?: Period;
  granularity?: AdGranularity;
  rows?: number;
  /** The rows added up by us. */
  sums?: Figures;
  /** What the file itself says its totals are, by its own labels. */
  totals?: Record<string, Figures>;
  coverage?: Coverage;
  changes?: Changes;
  /** Sentences on what does not add up, and on what cannot be said. */
  notes?: string[];
}

/**
 * Imports each file in a transaction of its own; one refused does not hold the others up. `account` names the
 * advertising account (default: the customer number in the file, or one name per currency, since currencies must
 * never meet), `currency` (ISO 4217) counts where the file has no column for it. `staff` is null for commands.
 * Throws only for what is no fault of a file.
 */
export async function importAds(
  files: (AdsSource | { name: string; bytes: Uint8Array })[],
  options: ImportOptions = {},
  staff: Staff | null = null,
): Promise<ImportResult[]> {
  if (staff) allow(staff, "manager", "analyst");
  const results: ImportResult[] = [];
  for (const file of files) {
    const source = "open" in file ? file : sourceOf(file.name, file.bytes);
    try {
      results.push(await importFile(source, options, staff));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      results.push({ file: source.name, refusal: error.message, needsChoice: error instanceof NeedsChoice });
    }
  }
  return results;
}

/** What would become of a file, with what would change; nothing does. For managers and analysts. */
export async function previewImport(staff: Staff, source: AdsSource, options: ImportOptions): Promise<ImportResult> {
  allow(staff, "manager", "analyst");
  const [result] = await importAds([source], { ...options, dryRun: true }, staff);
  return result ?? { file: source.name };
}

/** Ends the transaction of a dry run, whose result is what it would have done. */
class DryRun extends Error {
  readonly result: ImportResult;
  constructor(result: ImportResult) {
    super("dry run");
    this.result = result;
  }
}

async function importFile(source: AdsSource, options: ImportOptions, staff: Staff | null): Promise<ImportResult> {
  try {
    return await transaction(async (tx) => {
      await options.onProgress?.("waiting", 0);
      await lockImports(tx);
      await options.onProgress?.("reading", 0);
      const result = await new Import(tx, source, options, staff).run();
      if (options.dryRun === true) throw new DryRun(result);
      return result;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.result;
    throw error;
  }
}

/** One file on its way into the tables. */
class Import {
  readonly #id = newId();
  readonly #tx: Transaction;
  readonly #source: AdsSource;
  readonly #options: ImportOptions;
  readonly #staff: Staff | null;
  #hash = "";
  #rows = 0;
  /** The lines on their way: while the database stores them, it gets the bids of the next ones. */
  #storing: Promise<void> = Promise.resolve();
  /** Present from the first rows on. */
  #begun: (Account & { no: number; bids: BidIds }) | undefined;

  constructor(tx: Transaction, source: AdsSource, options: ImportOptions, staff: Staff | null) {
    this.#tx = tx;
    this.#source = source;
    this.#options = options;
    this.#staff = staff;
  }

  async run(): Promise<ImportResult> {
    const { period, now = new Date() } = this.#options;
    const onHash = async (hash: string) => {
      await refuseKnown(this.#tx, hash);
      this.#hash = hash;
    };
    const file = await readAds(this.#source, { period, now, onHash }, (rows, head) => this.#insert(rows, head));
    await this.#storing;
    if (file.sums.cost >= 10n ** 20n) throw new Refused("費用の合計が大きすぎて、数えられません。");
    const begun = this.#begun ?? (await this.#begin(file));
    await this.#describe(file);
    const { account } = begun;
    await planForManyRows(this.#tx);
    await this.#options.onProgress?.("counting", this.#rows);
    const changes = await recountAndCompare(
      this.#tx,
      account,
      file.period,
      () => findSameBids(this.#tx, account),
      begun.no,
    );
    await audit(this.#tx, this.#staff, "import", "ad_import", this.#id, { rows: file.rows, report: file.report });
    return this.#result(file, changes);
  }

  async #begin(head: AdsHead) {
    const found = await accountOf(this.#tx, head, this.#options);
    const { currency, account, timeZone } = found;
    const [row] = await this.#tx
      .insert(adImports)
      .values({
        id: this.#id,
        fileHash: this.#hash,
        fileName: this.#source.name,
        importedBy: this.#staff?.id,
        ...{ report: head.report, platform: head.platform, granularity: head.granularity, account, currency, timeZone },
        // Known at the end only.
        ...{ periodFrom: "1970-01-01", periodTo: "1970-01-01", totals: {} },
      })
      .returning({ no: adImports.no });
    if (!row) throw new Error("no import row");
    this.#begun = { ...found, no: row.no, bids: new BidIds(this.#tx, account, head.platform) };
    return this.#begun;
  }

  async #insert(rows: AdsRow[], head: AdsHead): Promise<void> {
    const { no, bids } = this.#begun ?? (await this.#begin(head));
    const bidIds = await bids.of(rows);
    await this.#storing;
    this.#storing = insertLines(this.#tx, head.report, no, rows, bidIds);
    // Whoever waits for it next sees its failure, which comes while nobody waits.
    this.#storing.catch(() => {});
    this.#rows += rows.length;
    await this.#options.onProgress?.("reading", this.#rows);
  }

  async #describe({ period, rows, sums, totals, notes }: AdsFile): Promise<void> {
    const kept = Object.fromEntries([...totals].map(([l, f]) => [l, { ...f, cost: exactDecimal(f.cost) }]));
    const figures = { impressions: sums.impressions, clicks: sums.clicks, cost: exactDecimal(sums.cost) };
    await this.#tx
      .update(adImports)
      .set({ periodFrom: period.from, periodTo: period.to, totals: kept, rows, notes, ...figures })
      .where(sql`${adImports.id} = ${this.#id}`);
  }

  #result(file: AdsFile, changes: Changes): ImportResult {
    const { report, platform, period, granularity, rows, sums, totals, notes } = file;
    const { account, currency, timeZone, isNew: isNewAccount, others: otherAccounts } = this.#begun ?? {};
    return {
      file: this.#source.name,
      ...(this.#options.dryRun === true ? {} : { id: this.#id }),
      ...{
        report,
        platform,
        account,
        currency,
        timeZone,
        isNewAccount,
        otherAccounts,
        period,
        granularity,
        rows,
        sums,
      },
      totals: Object.fromEntries(totals),
      coverage: coverageOf(sums, totals),
      changes,
      notes,
    };
  }
}

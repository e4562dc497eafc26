/**
 * Reads one export of advertising cost: a title, a date range, headings, rows, and totals that must never be added to
 * the rows. In one pass and in parts; a file that is something else is refused with a sentence.
 */

import { matchTypeOf, stripMatchMarks } from "#analytics/keyword.ts";
import { exactDecimal } from "#analytics/money.ts";
import type { Period } from "#analytics/period.ts";
import { Refused } from "#db/errors.ts";
import type { AdGranularity, AdPlatform, AdReport } from "#db/terms/attribution.ts";
import { type AdsColumn, type Columns, columnsOf } from "./ads-columns.ts";
import type { AdsRow, Figures } from "./bid.ts";
import { amountIn, countIn, idIn, isNothing, microsIn } from "./cells.ts";
import { Checks, missingColumns } from "./checks.ts";
import { datesOf, granularityOf, periodOf, type Preface, prefaceOf } from "./dates.ts";
import { type AdsRecord, recordsOf } from "./records.ts";
import { type AdsSource, inspect } from "./source.ts";
import { totalLabel, AdsTotals } from "./totals.ts";

/** What is known of a file before its last row. */
export interface AdsHead {
  report: AdReport;
  /** Absent: Google Ads. */
  platform?: AdPlatform;
  granularity: AdGranularity;
  currency?: string;
  customer?: string;
}

/** What a file says, but for its rows. */
export interface AdsFile extends AdsHead {
  period: Period;
  rows: number;
  sums: Figures;
  /** By the file's own label, such as アカウント or "Your keywords". */
  totals: Map<string, Figures>;
  /** Sentences on what is odd about it, and on what cannot be said without a column. */
  notes: string[];
  /** SHA-256 in hexadecimal. */
  hash: string;
}

export interface ReadOptions {
  /** The period of a file that states none. Throws Refused where it states another. */
  period?: Period;
  /** Called with the hash before any row is. */
  onHash?: (hash: string) => Promise<void>;
  now?: Date;
}

type OnRows = (rows: AdsRow[], head: AdsHead) => Promise<void>;

/** Rows handed on at once. */
const batchSize = 2000;
/** Lines in which the headings must come. */
const prefaceLines = 20;

/**
 * Hands the rows to `onRows` in parts, one after the other, and waits for it. Throws Refused, with the sentence to show, for anything that
 * is not a report of keywords, search terms or campaigns; parts may have been handed on by then.
 */
export async function readAds(source: AdsSource, options: ReadOptions, onRows: OnRows): Promise<AdsFile> {
  const { hash, encoding } = await inspect(source);
  await options.onHash?.(hash);
  const before: AdsRecord[] = [];
  let body: Body | undefined;
  let batch: AdsRow[] = [];
  const handing = new Handing(onRows);
  try {
    for await (const record of recordsOf(source, encoding)) {
      if (!body) {
        if (before.length >= prefaceLines) break;
        const columns = columnsOf(record.cells);
        if (isHeading(columns)) body = new Body(record, columns, prefaceOf(before), options.period);
        else before.push(record);
        continue;
      }
      const row = body.read(record);
      if (row) batch.push(row);
      if (batch.length < batchSize) continue;
      await handing.next(batch, body.head());
      batch = [];
    }
    if (!body) throw new Refused(describeWrongFile(before));
    if (batch.length > 0) await handing.next(batch, body.head());
    await handing.done();
  } finally {
    await handing.settled();
  }
  return { ...body.finish(options.now ?? new Date()), hash };
}

/** Hands parts on one after the other; while one is being stored, the next is read. */
class Handing {
  readonly #onRows: OnRows;
  #current: Promise<void> = Promise.resolve();

  constructor(onRows: OnRows) {
    this.#onRows = onRows;
  }

  /** Throws what storing the part before it threw. */
  async next(rows: AdsRow[], head: AdsHead): Promise<void> {
    await this.#current;
    this.#current = this.#onRows(rows, head);
    // Whoever waits for it next sees its failure, which comes while nobody waits.
    this.#current.catch(() => {});
  }

  done(): Promise<void> {
    return this.#current;
  }

  /** Waits for what is under way, whatever becomes of it. */
  settled(): Promise<void> {
    return this.#current.catch(() => {});
  }
}

function isHeading({ impressions, clicks, interactions, cost, costMicros }: Columns): boolean {
  return [impressions, clicks ?? interactions, cost ?? costMicros].filter((at) => at !== undefined).length >= 2;
}

/** A sentence about a file in which no headings of a report were found. */
function describeWrongFile(records: AdsRecord[]): string {
  const head = records
    .slice(0, 5)
    .flatMap(({ cells }) => cells)
    .join("\n");
  if (records.length === 0) return "ファイルが空です。";
  if (/google click id|yclid|conversion name|コンバージョン名/iu.test(head))
    return "オフライン コンバージョンを広告へ送るためのファイルです。費用のレポートではありません。";
  if (/^updated_at$/imu.test(head)) return "広告の設定の履歴です。費用のレポートではありません。";
  return "広告のキーワード、検索語句、キャンペーンのどのレポートとしても読めません。表示回数、クリック数、費用の列が要ります。";
}

/** Names each column without which nothing can be counted, and what cannot be said without it. */
function refuseIncomplete(columns: Columns): void {
  const has = (...names: AdsColumn[]) => names.some((name) => columns[name] !== undefined);
  const needed: [present: boolean, sentence: string][] = [
    [
      has("keyword", "keywordId", "criterion", "term", "campaign", "campaignId", "baseCampaign"),
      "キーワードの列がありません。何の費用かが分からないので、キーワード、検索語句、キャンペーンのどれかのレポートを書き出してください。",
    ],
    [
      has("cost", "costMicros"),
      "「費用」の列がありません。いくらかかったかが分からないので、列を加えて書き出してください。",
    ],
    [
      has("impressions"),
      "「表示回数」の列がありません。クリックされた割合が分からないので、列を加えて書き出してください。",
    ],
    [
      has("clicks", "interactions"),
      "「クリック数」の列がありません。広告から何人が来たかが分からないので、列を加えて書き出してください。",
    ],
  ];
  const missing = needed.find(([present]) => !present);
  if (missing) throw new Refused(missing[1]);
}

function reportOf(columns: Columns): AdReport {
  if (columns.term !== undefined) return "search_terms";
  return (columns.keyword ?? columns.keywordId ?? columns.criterion) === undefined ? "campaigns" : "keywords";
}

/** By words that only one vendor uses in its headings. */
function platformOf(heading: AdsRecord): AdPlatform | undefined {
  const named = heading.cells.map((cell) => cell.normalize("NFKC").toLowerCase());
  if (named.includes("インプレッション数") && named.includes("コスト")) return "yahoo";
  return named.includes("spend") ? "microsoft" : undefined;
}

/** Everything below the headings. */
class Body {
  readonly #heading: AdsRecord;
  readonly #columns: Columns;
  readonly #report: AdReport;
  readonly #platform: AdPlatform | undefined;
  readonly #granularity: AdGranularity;
  readonly #stated: Period | undefined;
  readonly #isFromScreen: boolean;
  readonly #totals = new AdsTotals();
  readonly #checks = new Checks();
  #currency: string | undefined;
  #customer: string | undefined;

  constructor(heading: AdsRecord, columns: Columns, preface: Preface, given: Period | undefined) {
    refuseIncomplete(columns);
    this.#heading = heading;
    this.#columns = columns;
    this.#report = reportOf(columns);
    this.#platform = platformOf(heading);
    this.#granularity = granularityOf(columns, preface);
    this.#stated = periodOf(preface, this.#granularity, given);
    // Exports of the API and of the other vendors have no totals.
    this.#isFromScreen = this.#platform === undefined && columns.costMicros === undefined;
  }

  #cell(record: AdsRecord, column: AdsColumn): string {
    return record.cells[this.#columns[column] ?? -1] ?? "";
  }

  head(): AdsHead {
    return {
      report: this.#report,
      platform: this.#platform,
      granularity: this.#granularity,
      // Yahoo! 検索広告 has no column for it: its accounts are in yen.
      currency: this.#currency?.toUpperCase() ?? (this.#platform === "yahoo" ? "JPY" : undefined),
      customer: this.#customer,
    };
  }

  /** The row; undefined for a total or a line that is none. Throws Refused. */
  read(record: AdsRecord): AdsRow | undefined {
    const columns = this.#columns;
    const label = totalLabel(record, columns);
    if (label !== undefined) {
      this.#totals.add(label, record, columns, this.#figures(record));
      return undefined;
    }
    if (/^(?:©|\(c\))/iu.test(record.cells[0] ?? "")) return undefined; // Microsoft's last line
    this.#refuseMalformed(record);
    this.#currency = this.#same(this.#currency, this.#cell(record, "currency"), "通貨");
    this.#customer = this.#same(this.#customer, this.#cell(record, "customer"), "アカウント");
    const row = this.#row(record);
    this.#checks.add(record, row, this.#cell(record, "cost"));
    return row;
  }

  /** The one value of a column. Refuses a mixture: sums over two currencies or accounts would mean nothing. */
  #same(known: string | undefined, cell: string, name: string): string | undefined {
    if (cell === "") return known;
    if (known !== undefined && known !== cell)
      throw new Refused(`一つのファイルに複数の${name}（${known}、${cell}）があります。分けて書き出してください。`);
    return cell;
  }

  #refuseMalformed(record: AdsRecord): void {
    if (record.cells.length !== this.#heading.cells.length)
      throw new Refused(
        `${record.line}行目の列の数が見出しと違います。ファイルが途中で切れていないか確かめ、書き出したままのファイルを使ってください。`,
      );
    const hasCampaign = this.#columns.campaign === undefined || !isNothing(this.#cell(record, "campaign"));
    if (!hasCampaign) throw new Refused(`${record.line}行目は、キーワードの行でも合計の行でもありません。`);
  }

  #figures(record: AdsRecord): Figures {
    const { line } = record;
    return {
      impressions: countIn(this.#cell(record, "impressions"), line),
      clicks: this.#clicks(record),
      cost:
        this.#columns.cost === undefined
          ? microsIn(this.#cell(record, "costMicros"), line)
          : amountIn(this.#cell(record, "cost"), line),
    };
  }

  /** Interactions are clicks in search; elsewhere they are also views, unless the row says that they were clicks. */
  #clicks(record: AdsRecord): number {
    if (this.#columns.clicks !== undefined) return countIn(this.#cell(record, "clicks"), record.line);
    const said = `${this.#cell(record, "campaignType")} ${this.#cell(record, "interactionTypes")}`;
    if (
      this.#report === "campaigns" &&
      !/検索|\bsearch\b|クリック|\bclicks?\b/iu.test(said) &&
      !isNothing(this.#cell(record, "interactions"))
    )
      throw new Refused(
        "「クリック数」の列がありません。検索広告でないキャンペーンのインタラクションは、クリックとは限りません。列を加えて書き出してください。",
      );
    return countIn(this.#cell(record, "interactions"), record.line);
  }

  #row(record: AdsRecord): AdsRow {
    const { line } = record;
    const columns = this.#columns;
    const cell = (column: AdsColumn) => this.#cell(record, column);
    const [, groupInCriterion, keywordInCriterion] = /(\d+)~(\d+)$/u.exec(cell("criterion")) ?? [];
    const { text, matchType } = stripMatchMarks(isNothing(cell("keyword")) ? "" : cell("keyword"));
    const label =
      columns.keywordMatch !== undefined ? cell("keywordMatch") : this.#report === "keywords" ? cell("match") : "";
    const time = columns.day === undefined ? (columns.week === undefined ? "month" : "week") : "day";
    return {
      ...datesOf(cell(time), line, this.#granularity, this.#stated),
      ...this.#figures(record),
      term: columns.term === undefined ? undefined : cell("term"),
      device: isNothing(cell("device")) ? undefined : cell("device"),
      campaignId: idIn(cell("campaignId"), line) ?? /campaigns\/(\d+)$/u.exec(cell("baseCampaign"))?.[1],
      campaign: cell("campaign"),
      adGroupId: idIn(cell("adGroupId"), line) ?? groupInCriterion,
      adGroup: isNothing(cell("adGroup")) ? "" : cell("adGroup"),
      keywordId: idIn(cell("keywordId"), line) ?? keywordInCriterion,
      keyword: text,
      matchType: matchType ?? matchTypeOf(label),
      conversions: exactDecimal(amountIn(cell("conversions"), line)),
    };
  }

  finish(now: Date): Omit<AdsFile, "hash"> {
    const { rows, sums, span } = this.#checks;
    const totals = this.#totals.all();
    const period = this.#stated ?? span;
    if (!period) throw new Refused("行がなく、期間も分かりません。");
    const notes = this.#checks.notes({ totals, period, isFromScreen: this.#isFromScreen }, now);
    return {
      ...this.head(),
      ...{ period, rows, sums, totals },
      notes: [...missingColumns(this.#report, this.#columns), ...notes],
    };
  }
}

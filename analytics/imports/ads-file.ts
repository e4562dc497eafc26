/**
 * Reads one export of Google Ads: a title, a date range, headings, rows, and totals that must never be
 * added to the rows. Pure: bytes in, rows out; a file that is something else is refused with a sentence.
 */

import { stripMatchMarks, matchTypeOf } from "#analytics/keyword.ts";
import { exactDecimal } from "#analytics/money.ts";
import { type Period, parseDay, parsePeriod } from "#analytics/period.ts";
import { Refused } from "#db/errors.ts";
import type { MatchType } from "#db/terms/attribution.ts";
import { type Column, type Columns, columnsOf } from "./ads-columns.ts";
import { type AdsRecord, amountIn, countIn, decode, idIn, recordsOf } from "./ads-text.ts";

/** Shown `impressions` times, clicked `clicks` times, for `cost` millionths of the currency. */
export interface Figures {
  impressions: number;
  clicks: number;
  cost: bigint;
}

/** Which bid a line of an export is about. */
export interface Bid {
  campaignId?: string;
  campaign: string;
  adGroupId?: string;
  adGroup: string;
  keywordId?: string;
  /** Without match marks; empty where the export names the keyword by id alone, or not at all. */
  keyword: string;
  matchType?: MatchType;
}

export interface AdsRow extends Figures, Period, Bid {
  /** What was typed; only in search-term reports. */
  term?: string;
  conversions: string;
}

export interface AdsFile {
  report: "keywords" | "search_terms";
  period: Period;
  currency?: string;
  customer?: string;
  rows: AdsRow[];
  /** By the file's own label, such as アカウント or "Your keywords". */
  totals: Map<string, Figures>;
}

/** Throws Refused, with the sentence to show, for anything that is not a report of keywords or search terms. */
export function readAdsFile(bytes: Uint8Array): AdsFile {
  const records = recordsOf(decode(bytes));
  const at = records.slice(0, 10).findIndex(({ cells }) => isHeading(columnsOf(cells)));
  const heading = records[at];
  if (!heading) throw new Refused(describeWrongFile(records));
  const columns = columnsOf(heading.cells);
  refuseIncomplete(columns);
  const stated = records.slice(0, at).flatMap(({ cells }) => parsePeriod(cells.join(",")) ?? [])[0];
  const body = records.slice(at + 1);
  const [totals, rest] = [body.filter((r) => isTotal(r, columns)), body.filter((r) => !isTotal(r, columns))];
  for (const record of rest) refuseMalformed(record, heading, columns);
  const rows = rest.map((record) => adsRowOf(record, columns, stated));
  return {
    report: columns.term === undefined ? "keywords" : "search_terms",
    period: stated ?? spanOf(rows),
    currency: onlyOne(rest, columns, "currency", "通貨")?.toUpperCase(),
    customer: onlyOne(rest, columns, "customer", "アカウント"),
    rows,
    totals: new Map(totals.map((record) => [labelOf(record), figuresOf(record, columns)])),
  };
}

const isHeading = (c: Columns) => c.impressions !== undefined && c.clicks !== undefined;
const isNothing = (cell: string) => /^-*$/u.test(cell);
const cellOf = ({ cells }: AdsRecord, columns: Columns, column: Column) => cells[columns[column] ?? -1] ?? "";

function refuseIncomplete(columns: Columns): void {
  if ((columns.keyword ?? columns.keywordId ?? columns.criterion ?? columns.term) === undefined)
    throw new Refused("キーワードの列がありません。キーワードか検索語句のレポートを書き出してください。");
  if ((columns.cost ?? columns.costMicros) === undefined)
    throw new Refused("「費用」の列がありません。列を加えて書き出してください。");
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
  return "Google 広告のキーワードか検索語句のレポートとして読めません。表示回数とクリック数の列が要ります。";
}

const totalMark = /^(?:合計|total)\s*[:：]\s*/iu;

/** Totals stand in the first or third column; a typed 「total: …」 stands beside its campaign, a total never. */
function isTotal(record: AdsRecord, columns: Columns): boolean {
  const marked = [record.cells[0], record.cells[2]].some((cell) => totalMark.test(cell ?? ""));
  return marked && [cellOf(record, columns, "campaign"), cellOf(record, columns, "campaignId")].every(isNothing);
}

const labelOf = ({ cells }: AdsRecord) =>
  [cells[0], cells[2]].find((cell) => totalMark.test(cell ?? ""))?.replace(totalMark, "") ?? "";

function refuseMalformed(record: AdsRecord, heading: AdsRecord, columns: Columns): void {
  if (record.cells.length !== heading.cells.length)
    throw new Refused(`${record.line}行目の列の数が見出しと違います。書き出したままのファイルを使ってください。`);
  const hasCampaign = columns.campaign === undefined || !isNothing(cellOf(record, columns, "campaign"));
  if (!hasCampaign) throw new Refused(`${record.line}行目は、キーワードの行でも合計の行でもありません。`);
}

function figuresOf(record: AdsRecord, columns: Columns): Figures {
  const { line } = record;
  const micros = cellOf(record, columns, "costMicros");
  return {
    impressions: countIn(cellOf(record, columns, "impressions"), line),
    clicks: countIn(cellOf(record, columns, "clicks"), line),
    cost:
      columns.cost === undefined
        ? BigInt(countOfMicros(micros, line))
        : amountIn(cellOf(record, columns, "cost"), line),
  };
}

function countOfMicros(cell: string, line: number): string {
  if (!/^\d{1,14}$/u.test(cell)) throw new Refused(`${line}行目の「${cell}」を金額として読めません。`);
  return cell;
}

function adsRowOf(record: AdsRecord, columns: Columns, stated: Period | undefined): AdsRow {
  const { line } = record;
  const cell = (column: Column) => cellOf(record, columns, column);
  const [, groupInCriterion, keywordInCriterion] = /(\d+)~(\d+)$/u.exec(cell("criterion")) ?? [];
  const { text, matchType } = stripMatchMarks(isNothing(cell("keyword")) ? "" : cell("keyword"));
  const isTermReport = columns.term !== undefined;
  const label = columns.keywordMatch !== undefined ? cell("keywordMatch") : isTermReport ? "" : cell("match");
  return {
    ...datesOf(cell("day"), line, columns, stated),
    ...figuresOf(record, columns),
    term: isTermReport ? cell("term") : undefined,
    campaignId: idIn(cell("campaignId"), line),
    campaign: cell("campaign"),
    adGroupId: idIn(cell("adGroupId"), line) ?? groupInCriterion,
    adGroup: cell("adGroup"),
    keywordId: idIn(cell("keywordId"), line) ?? keywordInCriterion,
    keyword: text,
    matchType: matchType ?? matchTypeOf(label),
    conversions: exactDecimal(amountIn(cell("conversions"), line)),
  };
}

function datesOf(cell: string, line: number, columns: Columns, stated: Period | undefined): Period {
  if (columns.day === undefined) {
    if (stated) return stated;
    throw new Refused("期間が分かりません。期間の行を残して書き出すか、日別に書き出してください。");
  }
  const day = parseDay(cell);
  if (day === undefined) throw new Refused(`${line}行目の「${cell}」を日付として読めません。`);
  if (stated && (day < stated.from || day > stated.to))
    throw new Refused(`${line}行目の日付 ${day} は、ファイルの期間の外です。`);
  return { from: day, to: day };
}

function spanOf(rows: AdsRow[]): Period {
  const days = rows.map((row) => row.from).sort();
  const [from, to] = [days[0], days.at(-1)];
  if (from === undefined || to === undefined) throw new Refused("行がなく、期間も分かりません。");
  return { from, to };
}

/** The one value of a column. Refuses a mixture: sums over two currencies or accounts would mean nothing. */
function onlyOne(records: AdsRecord[], columns: Columns, column: Column, name: string): string | undefined {
  const values = new Set(records.map((record) => cellOf(record, columns, column)).filter((value) => value !== ""));
  if (values.size > 1)
    throw new Refused(
      `一つのファイルに複数の${name}（${[...values].join("、")}）があります。分けて書き出してください。`,
    );
  return [...values][0];
}

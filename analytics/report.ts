/** Which keywords led to consultations, and what each cost. */
import { allow, audit, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { keywordMissing, type MatchType } from "#db/terms.ts";
import { percentOf } from "./coverage.ts";
import { keywordCsv } from "./csv.ts";
import { type Join, joinOf, merged, type Source } from "./join.ts";
import { keywordKey } from "./keyword.ts";
import { type Arrivals, arrivalsIn, type Counts } from "./landings.ts";
import { decimalOf, share } from "./money.ts";
import type { Period } from "./period.ts";
import { type ImportLine, listImports, type SpendLine, spendIn } from "./spend.ts";

/**
 * A line of the table. `keyword`: known to an export. `unlisted`: came with a keyword that no export of
 * the period holds. `ambiguous`: several ad groups could be meant. `missing`: an advertisement without a
 * keyword. `elsewhere`: no advertisement that we know of.
 */
export interface KeywordRow extends Counts {
  kind: "keyword" | "unlisted" | "ambiguous" | "missing" | "elsewhere";
  account?: string;
  campaign: string;
  adGroup: string;
  keyword: string;
  matchType?: MatchType;
  /** A sentence on what cannot be told about this line. */
  note?: string;
  /** What the export says; absent, not 0, where no export does. */
  impressions?: number;
  adClicks?: number;
  /** Decimal in `currency`, with the currency's own digits. */
  cost?: string;
  currency?: string;
  costPerConsultation?: string;
}

/** Cost in one currency; sums over two would mean nothing. */
interface CurrencyTotal {
  currency: string;
  cost: string;
  /** Of the lines with this cost only. */
  consultations: number;
  costPerConsultation?: string;
}

export interface KeywordReport {
  period: Period;
  rows: KeywordRow[];
  totals: Counts & { impressions: number; adClicks: number };
  costs: CurrencyTotal[];
  /** Per cent of impressions that were clicked, and of landings that wrote to us. */
  rates: { clicked?: number; wrote?: number };
  notes: string[];
  leftOut: string[];
  imports: ImportLine[];
}

/** For managers and analysts: aggregates only. The period's days are those of Asia/Tokyo, both included. */
export async function keywordReport(staff: Staff, period: Period): Promise<KeywordReport> {
  allow(staff, "manager", "analyst");
  return reportKeywords(period);
}

/** The same report as a file for spreadsheets; leaving the house, it leaves a trace. */
export async function exportKeywords(staff: Staff, period: Period): Promise<string> {
  const report = await keywordReport(staff, period);
  await audit(db, staff, "export", "keywords", null, { ...period, rows: report.rows.length });
  return keywordCsv(report);
}

/** The report itself, for callers who have no staff to ask: the administrator's terminal. */
export async function reportKeywords(period: Period): Promise<KeywordReport> {
  const [{ lines, notes, leftOut }, arrivals, imports] = await Promise.all([
    spendIn(period),
    arrivalsIn(period),
    listImports(),
  ]);
  const gathered = gather(merged(lines), arrivals);
  const rows = gathered.map(rowOf).toSorted(byWeight);
  const totals = totalsOf(rows);
  const fromAds = rows.filter((row) => row.kind !== "elsewhere").reduce((sum, row) => sum + row.consultations, 0);
  return {
    period,
    rows,
    totals,
    costs: costsOf(gathered),
    rates: { clicked: percentOf(totals.adClicks, totals.impressions), wrote: percentOf(fromAds, totals.landings) },
    notes,
    leftOut,
    imports,
  };
}

/** A line being filled: what it is, and what arrived through it. */
interface Gathered extends Counts {
  kind: KeywordRow["kind"];
  line?: SpendLine;
  source?: Source;
  candidates?: SpendLine[];
}

const nothing: Counts = { landings: 0, downloads: 0, consultations: 0, doubtful: 0 };

function gather(lines: SpendLine[], arrivals: Arrivals[]): Gathered[] {
  const byLine = new Map(lines.map((line): [SpendLine, Gathered] => [line, { kind: "keyword", line, ...nothing }]));
  const others = new Map<string, Gathered>();
  for (const arrival of arrivals) {
    const join = arrival.source && joinOf(arrival.source, lines);
    const line = join && "line" in join ? byLine.get(join.line) : undefined;
    add(line ?? otherOf(others, arrival.source, join), arrival);
  }
  return [...byLine.values(), ...others.values()];
}

function add(to: Counts, what: Counts): void {
  to.landings += what.landings;
  to.downloads += what.downloads;
  to.consultations += what.consultations;
  to.doubtful += what.doubtful;
}

function otherOf(others: Map<string, Gathered>, source: Source | undefined, join: Join): Gathered {
  const candidates = join && "candidates" in join ? join.candidates : undefined;
  const kind = !source ? "elsewhere" : candidates ? "ambiguous" : source.keyword === undefined ? "missing" : "unlisted";
  const same: Record<Exclude<KeywordRow["kind"], "keyword">, unknown[]> = {
    elsewhere: [],
    missing: [source?.platform, source?.keywordMissing],
    ambiguous: candidates?.map((c) => [c.account, c.campaign, c.adGroup, c.keywordId, c.keyword, c.matchType]) ?? [],
    unlisted: [
      source?.platform,
      source?.campaignId ?? source?.utmCampaign,
      source?.adGroupId,
      keywordKey(source?.keyword ?? ""),
      source?.matchType,
    ],
  };
  const key = JSON.stringify([kind, same[kind]]);
  const found = others.get(key) ?? { kind, source, candidates, ...nothing };
  others.set(key, found);
  return found;
}

function rowOf({ kind, line, source, candidates, ...counts }: Gathered): KeywordRow {
  const counted = { kind, ...counts };
  if (line) return { ...counted, ...namesOf(line), ...costOf(line, counts.consultations) };
  if (candidates) return { ...counted, ...ambiguous(candidates) };
  if (!source) return { ...counted, campaign: "", adGroup: "", keyword: "広告以外・不明" };
  const where = { campaign: source.utmCampaign ?? id(source.campaignId), adGroup: id(source.adGroupId) };
  if (source.keyword === undefined)
    return {
      ...counted,
      campaign: "",
      adGroup: "",
      keyword: keywordMissing[source.keywordMissing ?? "absent"],
      note: source.platform ?? missingNote[source.keywordMissing ?? "absent"],
    };
  const note = source.platform
    ? `${source.platform}からの着地です。費用は取り込めません。`
    : "この期間の費用のファイルにないキーワードです。";
  return { ...counted, ...where, keyword: source.keyword, matchType: source.matchType, note };
}

const id = (value: string | undefined) => (value === undefined ? "" : `ID ${value}`);

const missingNote = {
  absent: "P-MAX や AI Max など、キーワードを伝えない広告です。",
  empty: "広告がキーワードを空のまま渡しました。",
  literal: "広告の最終ページ URL のサフィックスが展開されていません。設定を確かめてください。",
};

function namesOf(line: SpendLine) {
  return {
    account: line.account,
    campaign: line.campaign || id(line.campaignId),
    adGroup: line.adGroup || id(line.adGroupId),
    keyword: line.keyword || id(line.keywordId) || "（キーワードなし）",
    matchType: line.matchType,
  };
}

function costOf(line: SpendLine, consultations: number) {
  const { impressions, clicks: adClicks, currency } = line;
  return {
    impressions,
    adClicks,
    currency,
    cost: decimalOf(line.cost, currency),
    costPerConsultation: consultations > 0 ? decimalOf(share(line.cost, consultations), currency) : undefined,
  };
}

function ambiguous(candidates: SpendLine[]) {
  const names = candidates.map((line) => namesOf(line));
  const only = (values: (string | undefined)[]) => (new Set(values).size === 1 ? (values[0] ?? "") : "");
  const groups = [...new Set(names.map((name) => `${name.campaign}／${name.adGroup}`))];
  const types = names.map((name) => name.matchType);
  return {
    campaign: only(names.map((name) => name.campaign)),
    adGroup: only(groups) && (names[0]?.adGroup ?? ""),
    keyword: only(names.map((name) => name.keyword)) || id(candidates[0]?.keywordId),
    matchType: types.every((type) => type === types[0]) ? types[0] : undefined,
    note:
      groups.length > 1
        ? `広告グループを特定できません（${groups.join("、")}のどれか）。`
        : "同じ広告グループの中の、どのキーワードかを特定できません。",
  };
}

const last = { keyword: 0, unlisted: 0, ambiguous: 0, missing: 1, elsewhere: 2 };

function byWeight(a: KeywordRow, b: KeywordRow): number {
  return (
    last[a.kind] - last[b.kind] ||
    b.consultations - a.consultations ||
    b.downloads - a.downloads ||
    b.landings - a.landings ||
    (b.adClicks ?? -1) - (a.adClicks ?? -1) ||
    (b.impressions ?? -1) - (a.impressions ?? -1) ||
    compare(a.campaign, b.campaign) ||
    compare(a.adGroup, b.adGroup) ||
    compare(a.keyword, b.keyword)
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function totalsOf(rows: KeywordRow[]): KeywordReport["totals"] {
  const totals = { impressions: 0, adClicks: 0, ...nothing };
  for (const row of rows) {
    add(totals, row);
    totals.impressions += row.impressions ?? 0;
    totals.adClicks += row.adClicks ?? 0;
  }
  return totals;
}

function costsOf(gathered: Gathered[]): CurrencyTotal[] {
  const sums = new Map<string, { cost: bigint; consultations: number }>();
  for (const { line, consultations } of gathered) {
    if (!line) continue;
    const sum = sums.get(line.currency) ?? { cost: 0n, consultations: 0 };
    sums.set(line.currency, { cost: sum.cost + line.cost, consultations: sum.consultations + consultations });
  }
  return [...sums]
    .toSorted(([a], [b]) => compare(a, b))
    .map(([currency, { cost, consultations }]) => ({
      currency,
      cost: decimalOf(cost, currency),
      consultations,
      costPerConsultation: consultations > 0 ? decimalOf(share(cost, consultations), currency) : undefined,
    }));
}

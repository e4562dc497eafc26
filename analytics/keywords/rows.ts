/** Rows of the keyword report as people read them, and their order. */

import { maxUnlisted } from "#analytics/clicks/listed-keywords.ts";
import { decimalOf, divideRounded } from "#analytics/money.ts";
import type { Source } from "#analytics/spend/join.ts";
import type { SpendLine } from "#analytics/spend/spend.ts";
import { keywordMissing, type MatchType } from "#db/terms/attribution.ts";
import type { Counts } from "./landings.ts";

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

/** A line of the report before it is formatted, with its counts. */
export interface CountedLine extends Counts {
  kind: KeywordRow["kind"];
  line?: SpendLine;
  source?: Source;
  candidates?: SpendLine[];
}

/** A row as it is shown, and the line it was formatted from. */
export interface RowWithLine {
  line: CountedLine;
  row: KeywordRow;
}

/** The line as it is shown and exported. */
export function rowOf({ kind, line, source, candidates, ...counts }: CountedLine): KeywordRow {
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
  over_limit: `費用のファイルにない言葉が、同じ回線から1日に${maxUnlisted}を超えて届きました。着地の数だけを残しています。`,
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
    costPerConsultation: consultations > 0 ? decimalOf(divideRounded(line.cost, consultations), currency) : undefined,
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
        ? `広告グループを特定できません（${someOf(groups)}のどれか）。`
        : "同じ広告グループの中の、どのキーワードかを特定できません。",
  };
}

/** The first names, and how many more there are. */
function someOf(names: string[], most = 5): string {
  const rest = names.length - most;
  return names.slice(0, most).join("、") + (rest > 0 ? `、ほか ${rest} 組` : "");
}

const last = { keyword: 0, unlisted: 0, ambiguous: 0, missing: 1, elsewhere: 2 };

/** Consultations first, then what leads to them; lines without a keyword last. */
export function byWeight(a: KeywordRow, b: KeywordRow): number {
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

/** By code unit, the same on every machine. */
export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

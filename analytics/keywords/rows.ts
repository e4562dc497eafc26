/** Rows of the keyword report as people read them, and their order. */

import { maxUnlisted } from "#analytics/clicks/listed-keywords.ts";
import { tokenDays } from "#analytics/clicks/token.ts";
import type { Counts } from "#analytics/landings/counts.ts";
import { decimalOf } from "#analytics/money.ts";
import type { Source } from "#analytics/spend/join.ts";
import type { SpendLine } from "#analytics/spend/spend.ts";
import { keywordMissing, type MatchType } from "#db/terms/attribution.ts";
import { certain, costEach } from "./sums.ts";

/**
 * A line of the table. `keyword`: known to an export. `unlisted`: came with a keyword that no export of
 * the period holds. `ambiguous`: several ad groups could be meant. `missing`: an advertisement without a
 * keyword, by campaign. `link`: a tagged link that nobody paid for, by source and medium. `older`: an advertisement
 * of longer ago than a token works. `elsewhere`: no advertisement that we know of.
 */
export interface KeywordRow extends Counts {
  kind: "keyword" | "unlisted" | "ambiguous" | "missing" | "link" | "older" | "elsewhere";
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
  /** What an import calls the campaign and the ad group that a landing names by id, and a line of each. */
  names?: { campaign?: string; adGroup?: string; ofCampaign?: SpendLine; ofAdGroup?: SpendLine };
}

/** A row as it is shown, and the line it was formatted from. */
export interface RowWithLine {
  line: CountedLine;
  row: KeywordRow;
}

/** The line as it is shown and exported. */
export function rowOf({ kind, line, source, candidates, names, ...counts }: CountedLine): KeywordRow {
  const counted = { kind, ...counts };
  if (line) return { ...counted, ...namesOf(line), ...costOf(line, counts) };
  if (candidates) return { ...counted, ...ambiguous(candidates) };
  const nowhere = { ...counted, campaign: "", adGroup: "" };
  if (!source) return { ...nowhere, keyword: "広告以外・不明" };
  if (source.kind === "older")
    return { ...nowhere, keyword: "以前の広告", note: `${tokenDays}日より前の広告から来た方です。` };
  if (source.kind === "link") return { ...nowhere, keyword: linkName(source), note: "費用のないリンクです。" };
  const where = {
    campaign: names?.campaign ?? source.utmCampaign ?? id(source.campaignId),
    adGroup: names?.adGroup ?? id(source.adGroupId),
  };
  if (source.keyword === undefined)
    return {
      ...counted,
      ...where,
      keyword: keywordMissing[source.keywordMissing ?? "absent"],
      note: source.platform ?? missingNote[source.keywordMissing ?? "absent"],
    };
  const note = source.platform
    ? `${source.platform}からの着地です。費用は取り込めません。`
    : "この期間の費用のファイルにないキーワードです。";
  return { ...counted, ...where, keyword: source.keyword, matchType: source.matchType, note };
}

/** 「instagram／social」: the source and medium of a tagged link. */
const linkName = ({ utmSource, utmMedium }: Source): string =>
  [utmSource, utmMedium].filter(Boolean).join("／") || "名前のないリンク";

const id = (value: string | undefined) => (value === undefined ? "" : `ID ${value}`);

const missingNote = {
  absent: "P-MAX や AI Max など、キーワードを伝えない広告です。",
  empty: "広告がキーワードを空のまま渡しました。",
  literal: "広告の最終ページ URL のサフィックスが展開されていません。設定を確かめてください。",
  over_limit: `費用のファイルにない言葉が、同じ回線から1日に${maxUnlisted}を超えて届きました。着地の数だけを残しています。`,
};

/** What a line of cost is called; what has no name by its id. */
export function namesOf(line: SpendLine) {
  return {
    account: line.account,
    campaign: line.campaign || id(line.campaignId),
    adGroup: line.adGroup || id(line.adGroupId),
    keyword: line.keyword || id(line.keywordId) || "（キーワードなし）",
    matchType: line.matchType,
  };
}

function costOf(line: SpendLine, counts: Counts) {
  const { impressions, clicks: adClicks, currency } = line;
  return {
    impressions,
    adClicks,
    currency,
    cost: decimalOf(line.cost, currency),
    costPerConsultation: costEach(line.cost, certain(counts), currency),
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

const last = { keyword: 0, unlisted: 0, ambiguous: 0, missing: 1, link: 2, older: 3, elsewhere: 4 };

type Weighed = Pick<
  KeywordRow,
  | ("kind" | "consultations" | "downloads" | "landings" | "adClicks" | "impressions")
  | ("campaign" | "adGroup" | "keyword")
>;

/** Consultations first, then what leads to them; lines without a keyword last. */
export function byWeight(a: Weighed, b: Weighed): number {
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

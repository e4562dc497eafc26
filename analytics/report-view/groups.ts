/** The lines of the report put together: by keyword (each its own), campaign, ad group, match type or account. */

import { byWeight, type CountedLine, type KeywordRow, namesOf, type RowWithLine } from "#analytics/keywords/rows.ts";
import { addCost, type CostSum, sortCosts } from "#analytics/keywords/sums.ts";
import { addCounts, type Counts, noCounts } from "#analytics/landings/counts.ts";
import type { SpendLine } from "#analytics/spend/spend.ts";
import { inSteps } from "#analytics/steps.ts";
import { matchType } from "#db/terms/attribution.ts";
import { type Grouping, groupings } from "./view.ts";

/** A row of any grouping. */
export interface GroupRow extends Pick<
  KeywordRow,
  | "kind"
  | "account"
  | "campaign"
  | "adGroup"
  | "keyword"
  | "matchType"
  | "note"
  | "impressions"
  | "adClicks"
  | keyof Counts
> {
  /** Equal in another period for the same thing. */
  key: string;
  /** What the row is called in its grouping. */
  name: string;
  /** By currency; empty where no import states a cost. The consultations are those that came of it. */
  costs: CostSum[];
  /** A part of the cost is in no row of this kind: none is divided by consultations. */
  isUndivided?: boolean;
}

/** Groupings that the lines themselves tell; device and page are read from the landings (parts.ts). */
export type LineGrouping = Exclude<Grouping, "device" | "page">;

/** The rows of a grouping, in the order they are shown. Their sums are those of the lines. */
export async function groupLines(by: LineGrouping, lines: RowWithLine[]): Promise<GroupRow[]> {
  const groups = new Map<string, { row: GroupRow; costs: Map<string, CostSum> }>();
  await inSteps(lines, (one) => {
    const place = placeOf(by, one);
    const found = groups.get(place.key) ?? {
      row: { ...noCounts, ...place.row, key: place.key, costs: [] },
      costs: new Map<string, CostSum>(),
    };
    groups.set(place.key, found);
    add(found, one, place.currency);
  });
  const rows = [...groups.values()].map(({ row, costs }): GroupRow => ({ ...row, costs: sortCosts(costs) }));
  return rows.toSorted(byWeight);
}

function add(
  { row, costs }: { row: GroupRow; costs: Map<string, CostSum> },
  { line, row: { impressions, adClicks } }: RowWithLine,
  currency: string | undefined,
): void {
  addCounts(row, line);
  if (impressions !== undefined) row.impressions = (row.impressions ?? 0) + impressions;
  if (adClicks !== undefined) row.adClicks = (row.adClicks ?? 0) + adClicks;
  const { consultations, doubtful } = line;
  if (currency !== undefined) addCost(costs, { currency, cost: line.line?.cost ?? 0n, consultations, doubtful });
}

/** The group that a line belongs to; its currency where its consultations came of the cost of this group. */
interface Place {
  key: string;
  row: Pick<GroupRow, "kind" | "name" | "account" | "campaign" | "adGroup" | "keyword" | "matchType" | "note">;
  currency?: string;
}

const blank = { campaign: "", adGroup: "", keyword: "" };

function placeOf(by: LineGrouping, one: RowWithLine): Place {
  const { line, row } = one;
  if (by === "keyword") {
    const { kind, account, campaign, adGroup, keyword, matchType: type, note } = row;
    const key = JSON.stringify([kind, account, campaign, adGroup, line.line?.keywordId, keyword, type, note]);
    return {
      key,
      row: { kind, name: keyword, account, campaign, adGroup, keyword, matchType: type, note },
      currency: line.line?.currency,
    };
  }
  if (row.kind === "link") return fixed("link", "ほかのリンク", "費用のないリンクです。");
  if (row.kind === "older" || row.kind === "elsewhere") return fixed(row.kind, row.keyword, row.note);
  if (by === "match_type") return placeByMatchType(one);
  const known = knownLines(by, line);
  const names = known.map((each) => spendPlace(by, each));
  const [first] = names;
  if (!first) return unknownPlace(by, one);
  if (names.some(({ key }) => key !== first.key)) return fixed("ambiguous", `どの${groupings[by]}か分からないもの`);
  return {
    ...first,
    currency: names.every(({ currency }) => currency === first.currency) ? first.currency : undefined,
  };
}

const fixed = (kind: GroupRow["kind"], name: string, note?: string): Place => ({
  key: JSON.stringify([kind, name]),
  row: { ...blank, kind, name, note },
});

/** The lines of cost that say what a line of the report belongs to: its own, its candidates, or its campaign's. */
function knownLines(by: "campaign" | "ad_group" | "account", { line, candidates, names }: CountedLine): SpendLine[] {
  if (line) return [line];
  if (candidates) return candidates;
  const like = by === "ad_group" ? names?.ofAdGroup : (names?.ofCampaign ?? names?.ofAdGroup);
  return like ? [like] : [];
}

function spendPlace(by: "campaign" | "ad_group" | "account", line: SpendLine): Place {
  const { account, currency } = line;
  const { campaign, adGroup } = namesOf(line);
  const kind = "keyword";
  if (by === "account")
    return { key: JSON.stringify([kind, account]), row: { ...blank, kind, name: account, account }, currency };
  const ofCampaign = [kind, account, line.campaignId ?? `name ${campaign}`];
  if (by === "campaign")
    return { key: JSON.stringify(ofCampaign), row: { ...blank, kind, name: campaign, account, campaign }, currency };
  const key = JSON.stringify([...ofCampaign, line.adGroupId ?? `name ${adGroup}`]);
  return { key, row: { ...blank, kind, name: adGroup, account, campaign, adGroup }, currency };
}

/** What no import knows stands under the name it came with. */
function unknownPlace(by: "campaign" | "ad_group" | "account", { line: { source }, row }: RowWithLine): Place {
  const platform = source?.platform;
  if (by === "account") return fixed("missing", platform ?? "費用のファイルにないアカウント");
  const name = by === "campaign" ? row.campaign : row.adGroup;
  if (name === "") return fixed("missing", `${groupings[by]}の情報なし`, platform);
  const { campaign } = row;
  return {
    key: JSON.stringify(["unlisted", by, platform, campaign, name]),
    row: {
      ...{ ...blank, kind: "unlisted", name, campaign, adGroup: by === "campaign" ? "" : name },
      note: platform ?? `この期間の費用のファイルにない${groupings[by]}です。`,
    },
  };
}

function placeByMatchType({ line, row }: RowWithLine): Place {
  const type = row.matchType;
  const name = type ? matchType[type] : "マッチタイプの情報なし";
  const { kind } = type ? { kind: "keyword" as const } : { kind: "missing" as const };
  const key = JSON.stringify(["match_type", type ?? null]);
  const [currency, ...others] = new Set(
    (line.line ? [line.line] : (line.candidates ?? [])).map((each) => each.currency),
  );
  return { key, row: { ...blank, kind, name, matchType: type }, currency: others.length === 0 ? currency : undefined };
}

/**
 * Finds the line of cost that a landing belongs to: by ids where both sides have them, by names where
 * they do not, and by no guess where neither settles it. Pure.
 */
import type { KeywordMissing, MatchType } from "#db/terms.ts";
import { keywordKey } from "./keyword.ts";
import type { SpendLine } from "./spend.ts";

/** What landings with equal parameters say about where they came from. */
export interface Source {
  /** Other advertising than Google's: its landings never join Google's cost. */
  platform?: string;
  campaignId?: string;
  adGroupId?: string;
  /** The number in kwd-…, whatever audience or place surrounds it. */
  keywordId?: string;
  keyword?: string;
  keywordMissing?: KeywordMissing;
  matchType?: MatchType;
  utmCampaign?: string;
  utmContent?: string;
}

/** One line, several that nothing tells apart, or none. */
export type Join = { line: SpendLine } | { candidates: SpendLine[] } | undefined;

/** "aud-1:kwd-311000000001:loc-2" → "311000000001". */
export const keywordIdOf = (targetId: string | null) => /(?:^|:)kwd-(\d+)(?=:|$)/u.exec(targetId ?? "")?.[1];

/** Unknown on either side is no contradiction. */
const agree = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;

/**
 * A keyword id is the same in every ad group that bids on the same words, so alone it settles nothing
 * where two ad groups do; campaign and ad group ids known on both sides must be equal.
 */
export function joinOf(source: Source, lines: SpendLine[]): Join {
  if (source.platform !== undefined) return undefined;
  const possible = lines.filter(
    (line) => agree(line.campaignId, source.campaignId) && agree(line.adGroupId, source.adGroupId),
  );
  const { keywordId, keyword } = source;
  const byId = possible.filter((line) => keywordId !== undefined && line.keywordId === keywordId);
  if (byId.length > 0) return pick(byId, source);
  if (keyword === undefined) return undefined;
  const key = keywordKey(keyword);
  const byText = possible.filter(
    (line) =>
      agree(line.keywordId, keywordId) && keywordKey(line.keyword) === key && agree(line.matchType, source.matchType),
  );
  return byText.length > 0 ? pick(byText, source) : undefined;
}

/** Names narrow a choice down only where they leave one: a renamed campaign must not lose its landings. */
function pick(candidates: SpendLine[], source: Source): Join {
  const key = source.keyword === undefined ? undefined : keywordKey(source.keyword);
  const tests: ((line: SpendLine) => boolean)[] = [
    (line) => line.campaign === source.utmCampaign,
    (line) => line.adGroup === source.utmContent,
    (line) => keywordKey(line.keyword) === key,
    (line) => line.matchType === source.matchType,
  ];
  let left = candidates;
  for (const matches of tests) {
    const narrowed = left.filter(matches);
    if (narrowed.length > 0) left = narrowed;
  }
  const [line] = left;
  return left.length === 1 && line ? { line } : { candidates: left };
}

/**
 * Brings together what two exports of one account say about the same keyword when only one of them has
 * the id columns, so that its landings do not stand between the two. Adds the figures of equal lines.
 */
export function merged(lines: SpendLine[]): SpendLine[] {
  const campaignIds = knownId(
    lines,
    (l) => [l.account, l.campaign],
    (l) => l.campaignId,
  );
  const groupIds = knownId(
    lines,
    (l) => [l.account, l.campaign, l.adGroup],
    (l) => l.adGroupId,
  );
  const keyOf = (l: SpendLine) => JSON.stringify([l.account, groupNameOf(l), keywordKey(l.keyword), l.matchType]);
  const groupNameOf = (l: SpendLine) => l.adGroupId ?? `${l.campaign}\n${l.adGroup}`;
  const named = lines.map((l) => ({ ...l, campaignId: campaignIds(l), adGroupId: groupIds(l) }));
  const keywordIds = knownId(
    named,
    (l) => [keyOf(l)],
    (l) => l.keywordId,
  );
  const found = new Map<string, SpendLine>();
  for (const line of named) {
    const keywordId = line.keyword === "" ? line.keywordId : keywordIds(line);
    const key = `${keyOf(line)} ${keywordId ?? ""}`;
    const same = found.get(key);
    if (!same) found.set(key, { ...line, keywordId });
    else {
      same.impressions += line.impressions;
      same.clicks += line.clicks;
      same.cost += line.cost;
    }
  }
  return [...found.values()];
}

/** For each line its own id, or the only one that lines of the same name carry. */
function knownId(
  lines: SpendLine[],
  name: (line: SpendLine) => string[],
  id: (line: SpendLine) => string | undefined,
): (line: SpendLine) => string | undefined {
  const ids = new Map<string, Set<string>>();
  for (const line of lines) {
    const own = id(line);
    const key = name(line).join("\n");
    if (own !== undefined) ids.set(key, (ids.get(key) ?? new Set()).add(own));
  }
  return (line) => {
    const known = ids.get(name(line).join("\n"));
    return id(line) ?? (known?.size === 1 ? [...known][0] : undefined);
  };
}

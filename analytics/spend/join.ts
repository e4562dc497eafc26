/**
 * Finds the line of cost that a landing belongs to: by ids where both sides have them, by names where
 * they do not, and by no guess where neither settles it. Pure.
 */

import type { Bid } from "#analytics/ad-files/bid.ts";
import { keywordKey } from "#analytics/keyword.ts";
import { inSteps } from "#analytics/steps.ts";
import type { KeywordMissing, MatchType } from "#db/terms/attribution.ts";
import type { SpendLine } from "./spend.ts";

/** The parameters of a landing by which it is joined to a line of cost; equal ones are counted together. */
export interface Source {
  /** Absent: an advertisement. "link": another tagged link; "older": a click of longer ago than a token works. */
  kind?: "link" | "older";
  /** Another advertising platform than Google's: its landings join only that platform's cost. */
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
  utmSource?: string;
  utmMedium?: string;
}

/** One line, several that nothing tells apart, or none. */
export type Join<L = SpendLine> = { line: L } | { candidates: L[] } | undefined;

/** A line with the key of its keyword, made once. */
interface Keyed<L> {
  line: L;
  key: string;
}

/** A bid of Google's, or of the platform it names as landings do. */
type PlatformBid = Bid & { platform?: string };

/** Lines of cost by what a landing can name of them, in the order they were added. */
export class LineIndex<L extends PlatformBid = SpendLine> {
  #byId = new Map<string, Keyed<L>[]>();
  #byKey = new Map<string, Keyed<L>[]>();

  add(line: L): void {
    const keyed = { line, key: keywordKey(line.keyword) };
    append(this.#byKey, keyed.key, keyed);
    if (line.keywordId !== undefined) append(this.#byId, line.keywordId, keyed);
  }

  /** All lines with this keyword id. */
  withId = (id: string): Keyed<L>[] => this.#byId.get(id) ?? [];

  /** All lines whose keyword has this key. */
  withKey = (key: string): Keyed<L>[] => this.#byKey.get(key) ?? [];
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}

/** "aud-1:kwd-311000000001:loc-2" → "311000000001". */
export const keywordIdOf = (targetId: string | null) => /(?:^|:)kwd-(\d+)(?=:|$)/u.exec(targetId ?? "")?.[1];

/** Equal, or unknown on either side. */
const agree = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;

/**
 * A keyword id is the same in every ad group that bids on the same words, so by itself it does
 * not name one line; campaign and ad group ids known on both sides must be equal. Looks at no line
 * but those with the same keyword id or the same words: landings are many, and strangers can make more.
 */
export function joinOf<L extends PlatformBid>(source: Source, lines: LineIndex<L>): Join<L> {
  if (source.kind !== undefined) return undefined;
  const isPossible = ({ line }: Keyed<L>) =>
    line.platform === source.platform &&
    agree(line.campaignId, source.campaignId) &&
    agree(line.adGroupId, source.adGroupId);
  const { keywordId, keyword } = source;
  const key = keyword === undefined ? undefined : keywordKey(keyword);
  const byId = keywordId === undefined ? [] : lines.withId(keywordId).filter(isPossible);
  if (byId.length > 0) return narrowDown(byId, source, key);
  if (key === undefined) return undefined;
  const byText = lines
    .withKey(key)
    .filter(
      (one) => isPossible(one) && agree(one.line.keywordId, keywordId) && agree(one.line.matchType, source.matchType),
    );
  return byText.length > 0 ? narrowDown(byText, source, key) : undefined;
}

/** Compares names, and ignores a name that none of the candidates has: a renamed campaign must not lose its landings. */
function narrowDown<L extends PlatformBid>(candidates: Keyed<L>[], source: Source, key: string | undefined): Join<L> {
  const tests: ((one: Keyed<L>) => boolean)[] = [
    ({ line }) => line.campaign === source.utmCampaign,
    ({ line }) => line.adGroup === source.utmContent,
    (one) => one.key === key,
    ({ line }) => line.matchType === source.matchType,
  ];
  let left = candidates;
  for (const matches of tests) {
    const narrowed = left.filter(matches);
    if (narrowed.length > 0) left = narrowed;
  }
  const [only] = left;
  return left.length === 1 && only ? { line: only.line } : { candidates: left.map(({ line }) => line) };
}

/**
 * Brings together what two exports of one account say about the same keyword when only one of them has
 * the id columns, so that its landings do not stand between the two. Adds the figures of equal lines.
 */
export async function mergeEqualLines(lines: SpendLine[]): Promise<SpendLine[]> {
  const campaignIds = await knownId(
    lines,
    (l) => [l.account, l.campaign],
    (l) => l.campaignId,
  );
  const groupIds = await knownId(
    lines,
    (l) => [l.account, l.campaign, l.adGroup],
    (l) => l.adGroupId,
  );
  const named: (SpendLine & { name: string })[] = [];
  await inSteps(lines, (l) => {
    const [campaignId, adGroupId] = [campaignIds(l), groupIds(l)];
    const group = adGroupId ?? `${l.campaign}\n${l.adGroup}`;
    const name = JSON.stringify([l.account, group, keywordKey(l.keyword), l.matchType]);
    named.push({ ...l, campaignId, adGroupId, name });
  });
  const keywordIds = await knownId(
    named,
    (l) => [l.name],
    (l) => l.keywordId,
  );
  const found = new Map<string, SpendLine>();
  await inSteps(named, ({ name, ...line }) => {
    const keywordId = line.keyword === "" ? line.keywordId : keywordIds({ ...line, name });
    const key = `${name} ${keywordId ?? ""}`;
    const same = found.get(key);
    if (!same) found.set(key, { ...line, keywordId });
    else {
      same.impressions += line.impressions;
      same.clicks += line.clicks;
      same.cost += line.cost;
    }
  });
  return [...found.values()];
}

/** For each line its own id, or the only one that lines of the same name carry. */
async function knownId<L extends SpendLine>(
  lines: L[],
  name: (line: L) => string[],
  id: (line: L) => string | undefined,
): Promise<(line: L) => string | undefined> {
  const ids = new Map<string, Set<string>>();
  await inSteps(lines, (line) => {
    const own = id(line);
    const key = name(line).join("\n");
    if (own !== undefined) ids.set(key, (ids.get(key) ?? new Set()).add(own));
  });
  return (line) => {
    const known = ids.get(name(line).join("\n"));
    return id(line) ?? (known?.size === 1 ? [...known][0] : undefined);
  };
}

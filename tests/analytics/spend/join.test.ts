/** Landings meet their line of cost through an index, which must find what looking at every line finds. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { keywordKey } from "#analytics/keyword.ts";
import { type Join, joinOf, LineIndex, type Source } from "#analytics/spend/join.ts";
import type { SpendLine } from "#analytics/spend/spend.ts";

const agree = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;

/** The rule as it reads, by looking at every line for every landing. */
function naiveJoin(source: Source, lines: SpendLine[]): Join {
  if (source.platform !== undefined) return undefined;
  const possible = lines.filter(
    (line) => agree(line.campaignId, source.campaignId) && agree(line.adGroupId, source.adGroupId),
  );
  const byId = possible.filter((line) => source.keywordId !== undefined && line.keywordId === source.keywordId);
  if (byId.length > 0) return naivePick(byId, source);
  if (source.keyword === undefined) return undefined;
  const key = keywordKey(source.keyword);
  const byText = possible.filter(
    (line) =>
      agree(line.keywordId, source.keywordId) &&
      keywordKey(line.keyword) === key &&
      agree(line.matchType, source.matchType),
  );
  return byText.length > 0 ? naivePick(byText, source) : undefined;
}

function naivePick(candidates: SpendLine[], source: Source): Join {
  const key = source.keyword === undefined ? undefined : keywordKey(source.keyword);
  let left = candidates;
  for (const matches of [
    (line: SpendLine) => line.campaign === source.utmCampaign,
    (line: SpendLine) => line.adGroup === source.utmContent,
    (line: SpendLine) => keywordKey(line.keyword) === key,
    (line: SpendLine) => line.matchType === source.matchType,
  ]) {
    const narrowed = left.filter(matches);
    if (narrowed.length > 0) left = narrowed;
  }
  const [line] = left;
  return left.length === 1 && line ? { line } : { candidates: left };
}

const some = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const words = ["入院", "［入院］", '"入院"', "ＡＢＣ", "abc", "院内 学級", "院内　学級", '""'] as const;
const lineOf = fc.record({
  account: fc.constantFrom("検索", "助成"),
  currency: fc.constant("JPY"),
  campaign: fc.constantFrom("岡山", "倉敷", ""),
  adGroup: fc.constantFrom("学習", "医療"),
  campaignId: some("1", "2"),
  adGroupId: some("21", "22"),
  keywordId: some("7", "8"),
  keyword: fc.constantFrom(...words, ""),
  matchType: some("exact", "phrase"),
  impressions: fc.constant(1),
  clicks: fc.constant(1),
  cost: fc.constant(1n),
}) as fc.Arbitrary<SpendLine>;
const sourceOf = fc.record({
  platform: fc.option(fc.constant("Yahoo! 広告"), { nil: undefined, freq: 9 }),
  campaignId: some("1", "2", "3"),
  adGroupId: some("21", "22", "23"),
  keywordId: some("7", "8", "9"),
  keyword: some(...words, "ほか"),
  matchType: some("exact", "phrase", "broad"),
  utmCampaign: some("岡山", "倉敷"),
  utmContent: some("学習", "医療"),
}) as fc.Arbitrary<Source>;

function indexOf(lines: SpendLine[]): LineIndex {
  const index = new LineIndex();
  for (const line of lines) index.add(line);
  return index;
}

test("the index finds the very lines, in the very order, that looking at each of them finds", () => {
  fc.assert(
    fc.property(fc.array(lineOf, { maxLength: 12 }), fc.array(sourceOf, { maxLength: 12 }), (lines, sources) => {
      const index = indexOf(lines);
      for (const source of sources) {
        const [found, expected] = [joinOf(source, index), naiveJoin(source, lines)];
        expect(found).toEqual(expected);
        // The same objects: equal lines of two accounts must not be taken for each other.
        if (expected && "line" in expected) expect(found).toHaveProperty("line", expected.line);
      }
    }),
    { numRuns: 1000 },
  );
});

test("a landing looks at no line but those of its own words", () => {
  const looked = new Set<string>();
  const line = (keyword: string) =>
    new Proxy({ account: "", campaign: "", adGroup: "", keyword } as SpendLine, {
      get: (target, name) => (looked.add(target.keyword), Reflect.get(target, name) as unknown),
    });
  const index = indexOf(Array.from({ length: 2000 }, (_, n) => line(`ことば ${n}`)));
  looked.clear();
  expect(joinOf({ keyword: "ことば 1999", keywordId: "7" }, index)).toBeDefined();
  expect(joinOf({ keyword: "知らないことば" }, index)).toBeUndefined();
  expect([...looked]).toEqual(["ことば 1999"]);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keywordKey, matchTypeOf, stripMatchMarks } from "#analytics/keyword.ts";

describe("keyword key", () => {
  test.each([
    ["長期療養　子ども　勉強", "長期療養 子ども 勉強"],
    ['"長期療養 子ども 勉強"', "長期療養 子ども 勉強"],
    ["[院内学級]", "院内学級"],
    ["＋入院 ＋こども", "入院 こども"],
    ["  Long   STAY\thospital ", "long stay hospital"],
    ["ﾌﾘｰｽｸｰﾙ", "フリースクール"],
    ["c++ 講座", "c++ 講座"],
    ["", ""],
  ])("of %j is %j", (text, key) => expect(keywordKey(text)).toBe(key));

  test("taking it twice changes nothing", () => {
    const marked = fc.string({ unit: fc.constantFrom('"', "[", "]", "+", "＂", " ", "　", "a", "Ａ", "İ", "ガ", "ｶﾞ") });
    fc.assert(
      fc.property(fc.oneof(marked, fc.string({ unit: "binary" })), (text) => {
        expect(keywordKey(keywordKey(text))).toBe(keywordKey(text));
      }),
      { numRuns: 1000 },
    );
  });

  test("marks, width, case and spacing make no difference", () => {
    const word = fc.constantFrom("入院", "子ども", "School", "ｶﾞｸ", "1");
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const key = keywordKey(words.join(" "));
        for (const text of [`"${words.join("　")}"`, `[${words.join("  ")}]`, words.map((w) => `+${w}`).join(" ")])
          expect(keywordKey(text.toUpperCase())).toBe(key);
      }),
    );
  });
});

test("marks are taken off and say the match type", () => {
  expect(stripMatchMarks('"a b"')).toEqual({ text: "a b", matchType: "phrase" });
  expect(stripMatchMarks(" [a b] ")).toEqual({ text: "a b", matchType: "exact" });
  expect(stripMatchMarks("+a +b")).toEqual({ text: "a b" });
  expect(stripMatchMarks("a b")).toEqual({ text: "a b" });
});

test.each([
  ["e", "exact"],
  ["P", "phrase"],
  ["b", "broad"],
  ["Exact match (close variant)", "exact"],
  ["フレーズ一致（類似パターン）", "phrase"],
  ["インテントマッチ", "broad"],
  ["絞り込み部分一致", "broad"],
  ["BROAD", "broad"],
  ["UNKNOWN", undefined],
  ["AI Max", undefined],
  ["elephant", undefined],
  ["", undefined],
])("match type %j is %s", (label, code) => expect(matchTypeOf(label)).toBe(code));

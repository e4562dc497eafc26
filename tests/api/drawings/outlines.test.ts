import { describe, expect, test } from "vitest";
import { fitText } from "#api/drawings/lines.ts";
import { missingLetters, outlines, widthOf } from "#api/drawings/outlines.ts";

const drawn = (text: string) => outlines(text, { x: 0, y: 0, size: 100, weight: "Bold" });
const beside = { width: 440, maxSize: 68, maxLines: 2, weight: "Bold" } as const;

describe("letters as outlines", () => {
  test.each([..."髙﨑𠮷①㈱葛邊&é"])("%s is in the font and has a shape of its own", (letter) => {
    expect(missingLetters(letter)).toEqual([]);
    expect(drawn(letter)).toMatch(/^M[\d.\- MLQCZ]+Z$/u);
    expect(drawn(letter)).not.toBe(drawn("高"));
  });

  test("what the font does not have is a geta mark, and is named to whoever types it", () => {
    expect(missingLetters("きぼう🙂🙂の家")).toEqual(["🙂"]);
    expect(drawn("🙂")).toBe(drawn("〓"));
  });

  test("a voicing mark of its own is joined; no letter of a name is exchanged for another", () => {
    expect(drawn("か\u3099")).toBe(drawn("が"));
    // The old form of the letter has a code of its own, which normalising (NFC) would make the new one.
    expect(drawn("\u{fa19}")).not.toBe(drawn("\u{795e}"));
    expect(drawn("葛\u{e0100}")).toBe(drawn("葛"));
  });

  test("a colon is two dots above the baseline: the first letter of a range of the font is read right", () => {
    const path = drawn(":");
    expect(path.match(/M/gu)).toHaveLength(2);
    const numbers = path.match(/-?[\d.]+/gu)?.map(Number) ?? [];
    expect(numbers.filter((_, at) => at % 2 === 0).every((x) => x >= 0 && x <= 100 * widthOf(":", "Bold"))).toBe(true);
  });
});

describe("lines", () => {
  test.each([
    ["ほしのこみち", ["ほしのこみち"]],
    ["特定非営利活動法人 髙﨑𠮷子どもと家族の会", ["特定非営利活動法人", "髙﨑𠮷子どもと家族の会"]],
    ["長い療養とともに暮らす子どもと家族の相談室", ["長い療養とともに暮らす", "子どもと家族の相談室"]],
    ["𠮷田&髙﨑の家", ["𠮷田&髙﨑の家"]],
  ])("%s", (text, lines) => {
    expect(fitText(text, beside).lines).toEqual(lines);
  });

  test("however long a text is, it is two lines that fit, and no letter is lost", () => {
    const long = "認定NPO法人 難病のこども支援全国ネットワーク & Friends of Children with Long-term Illness 西日本支部";
    for (const text of [long, "あ".repeat(100), "W".repeat(80), "髙﨑𠮷の会、".repeat(20), "「".repeat(30), "　", ""]) {
      const { lines, size } = fitText(text, beside);
      expect(lines.length).toBeLessThanOrEqual(2);
      expect(lines.join("").replace(/\s/gu, "")).toBe(text.replace(/\s/gu, ""));
      expect(Math.max(...lines.map((line) => widthOf(line, "Bold") * size))).toBeLessThanOrEqual(beside.width * 1.01);
      expect(size).toBeGreaterThan(0);
    }
  });

  test("no line begins with a particle's small letter or a closing mark, none ends with an opening one", () => {
    const text = "（公財）「きっず」ぷらす、みんなでつくるちゃれんじの会・くらぶ";
    const { lines } = fitText(text, { ...beside, maxLines: 4, maxSize: 60 });
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => /^[、。」）ゃゅょっー・]|[「（]$/u.test(line))).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { findAddresses, splitAddresses } from "#emails/markdown/web-addresses.ts";
import { backtracksTooMuch } from "../../backtracking.ts";

const hrefs = (text: string) => findAddresses(text).map(({ href }) => href);

describe("an address ends where the letters of an address end", () => {
  test.each([
    ["詳しくはhttps://example.jp/events/winterをご覧ください。", "https://example.jp/events/winter"],
    ["https://example.jpをご覧ください", "https://example.jp"],
    ["（https://example.jp/a?b=c&d=1#e）", "https://example.jp/a?b=c&d=1#e"],
    ["「https://example.jp/a.」と", "https://example.jp/a"],
    ["See https://example.jp/a_(b), then", "https://example.jp/a_(b)"],
    ["(https://example.jp/a)", "https://example.jp/a"],
    ["https://example.jp:8443/x、", "https://example.jp:8443/x"],
    ["http://localhost:3000/eventsへ", "http://localhost:3000/events"],
    ["www.example.jpを", "https://www.example.jp"],
    ["くわしくはwww.example.jp/aを", "https://www.example.jp/a"],
    ["soudan@example.jpまで", "mailto:soudan@example.jp"],
    ["連絡先はsoudan@example.co.jp。", "mailto:soudan@example.co.jp"],
    ["https://日本語.jp/aを", "https://日本語.jp/a"],
    ["user@日本語.jpへ", "mailto:user@日本語.jp"],
    ["https://example.jp.次に", "https://example.jp"],
    ["HTTPS://EXAMPLE.JP/Aです", "HTTPS://EXAMPLE.JP/A"],
  ])("%s", (text, href) => expect(hrefs(text)).toEqual([href]));

  test.each([
    "例.jp をご覧",
    "awww.example.jp",
    "a@b",
    "https://",
    "@example.jp",
    "3.14@",
    "https://一般",
    "１０＠２０",
  ])("none in %s", (text) => expect(hrefs(text)).toEqual([]));

  test("several in one sentence, and what stands between them", () => {
    expect(splitAddresses("a@example.jpかhttps://example.jp/xへ。")).toEqual([
      { words: "a@example.jp", href: "mailto:a@example.jp" },
      { words: "か" },
      { words: "https://example.jp/x", href: "https://example.jp/x" },
      { words: "へ。" },
    ]);
    expect(splitAddresses("")).toEqual([]);
    expect(splitAddresses("何もありません")).toEqual([{ words: "何もありません" }]);
  });

  test("a mail address inside a web address is part of it", () => {
    expect(hrefs("https://example.jp/@a@example.jp")).toEqual(["https://example.jp/@a@example.jp"]);
  });
});

test.each(["https://", "www.", "a@", "https://a.", "www.1.", "https://a.jp/)", "あ.", "@1.1"])(
  "many times %s is gone through once",
  (piece) => {
    const text = piece.repeat(4000);
    for (const pattern of [/[a-z\d-]+|[^\p{ASCII}\p{P}\p{S}\p{Z}\p{C}]+/iu, /https?:\/\/|www\.|@/giu])
      expect(backtracksTooMuch(pattern, text)).toBe(false);
    expect(findAddresses(text).length).toBeLessThanOrEqual(4000);
  },
);

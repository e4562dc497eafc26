import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { attributionOf } from "#analytics/clicks/attribution.ts";
import { isCrawler } from "#analytics/clicks/crawlers.ts";
import { readQuery } from "#analytics/clicks/query.ts";

const escaped = (text: string, encoding: string) =>
  [...iconv.encode(text, encoding)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

const words = [
  "長期療養 子ども",
  "院内学級",
  "きょうだい 預け先",
  "ソトス症候群",
  "小児慢性特定疾病",
  "医療的ケア児",
  "表示",
  "病気",
];

test.each(words.flatMap((word) => ["utf8", "shift_jis", "euc-jp"].map((encoding) => [word, encoding] as const)))(
  "%s in percent-encoded %s is read",
  (word, encoding) => {
    const query = readQuery(`cid=1&kw=${escaped(word, encoding)}&utm_campaign=${escaped("岡山", "utf8")}`);
    expect(query.get("kw")).toBe(word);
    expect(query.get("utm_campaign")).toBe("岡山");
  },
);

test("a query that is UTF-8 is read as the platform reads it", () => {
  for (const query of ["", "a", "a=b=c&a=+%2B&%61=1", "kw=%E9%95%B7+%E6%9C%9F&&x", "kw=100%&d=%zz", "kw=%F0%A9%B8%BD"])
    expect([...readQuery(query)]).toEqual([...new URLSearchParams(query)]);
});

test("bytes of no encoding are kept as what cannot be read, and break nothing", () => {
  expect(readQuery("kw=%ff%fe&cid=1%").get("kw")).toContain("\ufffd");
  expect(readQuery("kw=%ff%fe&cid=1%").get("cid")).toBe("1%");
});

test.each([
  ["gclid=a", true],
  ["yclid=a", true],
  ["msclkid=a", true],
  ["gbraid=a", true],
  ["gad_source=1", true],
  ["cid=1", true],
  ["gid=1", true],
  ["tid=kwd-1", true],
  ["cid={campaignid}", true],
  ["kw=", true],
  ["utm_source=yahoo&utm_medium=cpc", true],
  ["utm_medium=PPC", true],
  ["utm_medium=paid_social", true],
  ["utm_medium=display", true],
  ["gclid=&utm_source=google&utm_medium=organic", false],
  ["utm_source=facebook&utm_medium=social&utm_term=学校 復帰 準備", false],
  ["utm_source=newsletter&utm_medium=email", false],
  ["utm_source=leaflet&utm_medium=qr", false],
  ["utm_source=instagram", false],
  ["utm_id=spring", false],
])("of %s, that it is an advertisement is %s", (query, isAdvertisement) => {
  expect(attributionOf(new URLSearchParams(query))?.isAdvertisement).toBe(isAdvertisement);
});

const chrome =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Mobile Safari/537.36";

test.each([
  [undefined, false],
  ["", false],
  [chrome, false],
  [`${chrome} SmartNews 24.3.10`, false],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 SmartNews/24.1 (iOS; 18)", false],
  [`${chrome} YJApp-ANDROID jp.co.yahoo.android.yjtop/3.1`, false],
  ["Mozilla/5.0 (iPhone) AppleWebKit/605 Safari Line/13.0", false],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17) Mobile/15E148 [FBAN/FBIOS;FBAV/440]", false],
  ["Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36", false],
  ["SmartNews bot/1.0", true],
  ["Mozilla/5.0 (compatible; AdsBot-Google; +http://www.google.com/adsbot.html)", true],
  ["Mozilla/5.0 (iPhone) Safari/9537.53 (compatible; Y!J-WSC/1.0)", true],
  ["Y!J-ASR/0.1", true],
  ["Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0", true],
  ["Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Barracuda Sentinel (EE)", true],
  ["Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Mimecast", true],
  ["facebookexternalhit/1.1", true],
  ["curl/8.1", true],
])("of the user agent %s, that it is a crawler is %s", (userAgent, expected) => {
  expect(isCrawler(userAgent)).toBe(expected);
});

import { beforeEach, expect, test } from "vitest";
import { accountChecks, fewestCompared, fewestFaults } from "#analytics/account-checks/checks.ts";
import { dayOf, formatDate } from "#db/calendar/days.ts";
import { Forbidden } from "#db/errors.ts";
import { codes } from "#db/terms/codes.ts";
import { role } from "#db/terms/staff.ts";
import { analyst, empty, exported, landed, take } from "../fixtures.ts";

const october = { from: "2026-10-01", to: "2026-10-31" };
const check = () => accountChecks(analyst, october);

type Click = Parameters<typeof landed>[1];

/** So many landings on a day. */
const landings = (count: number, day: string, click: Click) =>
  Promise.all(Array.from({ length: count }, () => landed(day, click)));

const headings =
  "日,キーワード ID,キーワード,キャンペーン,キャンペーン ID,広告グループ,広告グループ ID,表示回数,クリック数,通貨コード,費用";
const row = (day: string, clicks: number, { id = "311", name = "検索", word = "入院" } = {}) =>
  `${day},1,${word},${name},${id},支え,21,1000,${clicks},JPY,${clicks * 50}`;
const daily = (...rows: string[]) => take(exported(headings, rows), { account: "本部", name: `${rows.join()}.csv` });

const ofAd = { campaignId: "311", targetId: "kwd-1", keyword: "入院" };

beforeEach(empty);

test.each(codes(role))("%s: managers and analysts alone", async (code) => {
  const result = accountChecks({ ...analyst, role: code }, october);
  if (code === "manager" || code === "analyst") expect((await result).lost).toEqual([]);
  else await expect(result).rejects.toThrow(Forbidden);
});

test("where nothing is wrong, nothing is said", async () => {
  await daily(row("2026-10-05", 40), row("2026-10-06", 3));
  await landings(38, "2026-10-05", ofAd);
  expect(await check()).toEqual({
    period: october,
    compared: { campaigns: 1, days: 2 },
    withoutIds: [],
    lost: [],
    unpaid: [],
    unknown: [],
    suffixes: [],
    placeholders: [],
    missing: { rows: [], others: 0 },
  });
});

test("fewer than 80 % of at least 20 clicks arriving is said, with the days on which it is so", async () => {
  await daily(row("2026-10-05", 20), row("2026-10-06", 40), row("2026-10-07", 19), row("2026-10-08", 100));
  await landings(15, "2026-10-05", ofAd); // 75 %
  await landings(32, "2026-10-06", ofAd); // 80 %
  await landings(100, "2026-10-08", ofAd); // and none on the 7th, of 19 clicks
  expect((await check()).lost).toEqual([
    {
      ...{ account: "本部", campaignId: "311", campaign: "検索", clicks: 179, landings: 147 },
      days: [{ day: "2026-10-05", clicks: 20, landings: 15 }],
    },
  ]);
});

test("the campaign that misses most stands first", async () => {
  const of = (id: string, clicks: number) => row("2026-10-05", clicks, { id, name: `検索${id}` });
  await daily(of("313", 30), of("312", 300), of("314", 90));
  expect((await check()).lost.map(({ clicks }) => clicks)).toEqual([300, 90, 30]);
});

test("few days of few clicks are compared together", async () => {
  await daily(row("2026-10-05", 10), row("2026-10-06", 10));
  await landings(15, "2026-10-05", ofAd);
  expect((await check()).lost).toMatchObject([{ clicks: 20, landings: 15, days: [] }]);
  await landings(1, "2026-10-06", ofAd);
  expect((await check()).lost).toEqual([]);
});

test("landings of other days, other campaigns, crawlers and pages fetched ahead are none of a campaign's clicks", async () => {
  await daily(row("2026-10-05", 20));
  await landings(20, "2026-10-05", { ...ofAd, campaignId: "312" });
  await landings(20, "2026-10-05", { ...ofAd, crawler: true });
  await landings(20, "2026-10-05", { ...ofAd, prefetched: true });
  await landings(20, "2026-10-05", { ...ofAd, isAd: false });
  await landings(20, "2026-10-05", { ...ofAd, clickKey: undefined, utmSource: "yahoo" });
  await landings(20, "2026-10-05T23:59:59+08:00", ofAd); // the 6th in Tokyo
  expect((await check()).lost).toMatchObject([{ clicks: 20, landings: 0 }]);
});

test("a campaign without a suffix is found by what auto-tagging says", async () => {
  await daily(row("2026-10-05", 20));
  await landings(20, "2026-10-05", { extras: { gad_campaignid: "311" } });
  expect((await check()).lost).toEqual([]);
});

test("sums over more than a day, and the day on which the file was made, are not compared", async () => {
  const today = dayOf(new Date());
  await take(exported(headings, [row(today, 50)], formatDate(today)), {
    account: "今日",
  });
  await take(exported(headings.replace("日,", ""), [row("", 50).slice(1)]), { account: "月" });
  const checks = await accountChecks(analyst, { from: "2026-10-01", to: today });
  expect([checks.compared, checks.lost]).toEqual([{ campaigns: 0, days: 0 }, []]);
});

test("a file without campaign ids is named, and not compared", async () => {
  await take(exported(headings.replace("キャンペーン ID,", ""), [row("2026-10-05", 50).replace(",311,", ",")]), {
    account: "支部",
  });
  const { withoutIds, lost, compared } = await check();
  expect([withoutIds, lost, compared.campaigns]).toEqual([["支部"], [], 0]);
});

test("landings that nobody paid for: with a keyword, more than the clicks", async () => {
  await daily(row("2026-10-05", 15));
  await landings(15, "2026-10-05", ofAd);
  await landings(30, "2026-10-05", { campaignId: "311" }); // a dynamic search advertisement: in no keyword report
  expect((await check()).unpaid).toEqual([]);
  await landings(4, "2026-10-05", ofAd);
  expect((await check()).unpaid).toEqual([]);
  await landings(1, "2026-10-05", ofAd);
  expect((await check()).unpaid).toMatchObject([{ campaignId: "311", clicks: 15, landings: 20 }]);
});

test("campaigns that no import knows: numbers alone, of enough landings, on days that an import covers", async () => {
  await daily(row("2026-10-05", 1));
  await landings(fewestCompared, "2026-10-05", { campaignId: "999" });
  await landings(fewestCompared, "2026-10-05", { campaignId: "<b>秘密の話</b>" });
  await landings(fewestCompared - 1, "2026-10-05", { campaignId: "998" });
  await landings(fewestCompared, "2026-10-06", { campaignId: "997" });
  expect((await check()).unknown).toEqual([{ campaignId: "999", landings: fewestCompared }]);
});

test("a click id without our ids says that the suffix is missing, by campaign", async () => {
  await daily(row("2026-10-05", 1));
  let click = 0;
  const clicked = (count: number, more: Click) =>
    Promise.all(Array.from({ length: count }, () => landed("2026-10-07", { clickKey: `gclid:${++click}`, ...more })));
  await clicked(3, { extras: { gad_campaignid: "311" } });
  await Promise.all([1, 2].map(() => landed("2026-10-09", { extras: { gad_campaignid: "311", gbraid: "x" } })));
  await clicked(7, { campaignId: "311", extras: { gad_campaignid: "311" } });
  await clicked(fewestFaults - 1, { extras: { gad_campaignid: "312" } });
  await clicked(5, { extras: { gad_campaignid: "ほかの人の文字" } });
  await clicked(6, { keywordMissing: "literal", extras: { gad_campaignid: "313" } });
  const { suffixes, placeholders } = await check();
  expect(suffixes).toEqual([
    { platform: null, campaignId: "311", campaign: "検索", landings: 5, withClickId: 12, newest: "2026-10-09" },
    { platform: null, campaignId: null, campaign: undefined, landings: 5, withClickId: 5, newest: "2026-10-07" },
  ]);
  expect(placeholders).toMatchObject([{ campaignId: "313", landings: 6 }]);
});

test("of placeholders that were not filled, a few are a preview of the advertisement", async () => {
  await landings(fewestFaults - 1, "2026-10-07", { keywordMissing: "literal" });
  expect((await check()).placeholders).toEqual([]);
  await landings(1, "2026-10-08", { keywordMissing: "literal" });
  expect((await check()).placeholders).toMatchObject([{ campaignId: null, landings: 5, newest: "2026-10-08" }]);
});

test("missing pages by address and campaign; of strangers' inventions no more than fit behind the known campaigns", async () => {
  await daily(row("2026-10-05", 1));
  await landings(1, "2026-10-07", { path: "/old", campaignId: "311", missingPage: true });
  for (let page = 0; page < 30; page++)
    await landings(2, "2026-10-08", { path: `/made-up-${page}`, campaignId: "1", missingPage: true });
  await landings(9, "2026-10-08", { path: "/crawled", missingPage: true, crawler: true });
  await landings(9, "2026-10-08", { path: "/leaflet", missingPage: true, isAd: false });
  await landings(9, "2026-10-08", { path: "/there", campaignId: "311" });
  const { rows, others } = (await check()).missing;
  expect(rows[0]).toEqual({
    ...{ path: "/old", platform: null, campaignId: "311", campaign: "検索", landings: 1, newest: "2026-10-07" },
  });
  expect(new Set(rows.slice(1).map(({ landings }) => landings))).toEqual(new Set([2]));
  expect([rows.length, others]).toEqual([20, 11]);
});

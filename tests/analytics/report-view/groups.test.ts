/** The groupings of the report: every column by hand-made rows, and equal sums whatever they are grouped by. */

import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { costEachOf, rateOf } from "#analytics/keywords/rates.ts";
import { decimalOf } from "#analytics/money.ts";
import type { GroupRow } from "#analytics/report-view/groups.ts";
import { readReport, viewReport } from "#analytics/report-view/read.ts";
import { remaindersOf } from "#analytics/report-view/remainder.ts";
import { type Grouping, groupings, viewFromInput, type ViewInput } from "#analytics/report-view/view.ts";
import type { ImportLine } from "#analytics/spend/imports.ts";
import { db } from "#db/client.ts";
import { staff } from "#db/schema/staff.ts";
import { analyst, empty, exported, landed, take, wrote } from "../fixtures.ts";

const october = { from: "2026-10-01", to: "2026-10-31" };
const read = (input: ViewInput = {}) => viewReport(analyst, viewFromInput({ ...october, ...input }));
const headings =
  "キーワード ID,キーワード,キャンペーン,キャンペーン ID,広告グループ,広告グループ ID,表示回数,クリック数,通貨コード,費用";

/** Every column of a row as the table shows it. */
const shown = (row: GroupRow) =>
  [
    [row.name, ...[row.account, row.campaign].map((part) => part || "-")].join(" | "),
    [row.impressions, row.adClicks].map((count) => count ?? "-").join(" "),
    [row.landings, row.formsOpened, row.downloads, row.subscriptions].join(" "),
    [row.consultations, row.doubtful, row.people, row.firstConsultations].join(" "),
    row.costs.map(({ cost, currency }) => `${decimalOf(cost, currency)} ${currency}`).join(" + ") || "-",
    rateOf(row.people, row.landings)?.percent ?? "-",
    row.costs.map((sum) => costEachOf(sum).each ?? `(${costEachOf(sum).count})`).join(" + ") || "-",
  ] as const;
const rowsBy = async (by: Grouping) => (await read({ by })).found.map((row) => shown(row));

beforeAll(() => db.insert(staff).values(analyst));
beforeEach(empty);

describe("a month, every column", () => {
  beforeEach(async () => {
    await take(
      exported(headings, [
        "7,[入院],岡山,1,学習,21,1000,40,JPY,6000",
        '8,"""復学""",岡山,1,学習,21,300,10,JPY,1500',
        "7,[入院],岡山,1,医療,22,200,5,JPY,500",
        "9,[学校],倉敷,2,学習,23,90,0,JPY,0",
      ]),
      { account: "検索" },
    );
    await take(exported(headings, ["5,[stay],Grants,3,Study,31,10,1,USD,1.20"]), { account: "助成" });
    const study = {
      ...{ campaignId: "1", adGroupId: "21", targetId: "kwd-7", keyword: "入院", device: "m" },
      matchType: "exact" as const,
    };
    const formOpenedAt = new Date("2026-10-03T12:00:00+09:00");
    for (let n = 0; n < 6; n++) {
      const click = await landed(`2026-10-0${n + 1}`, { ...study, formOpenedAt, path: n < 4 ? "/" : "/guides" });
      await wrote("2026-10-20", click);
    }
    const doubtful = await landed("2026-10-07", { ...study, device: "c" });
    await wrote("2026-10-21", doubtful, "consultation", 2);
    await wrote("2026-10-21", doubtful, "download");
    await landed("2026-10-08", { targetId: "kwd-7", keyword: "入院", campaignId: "1", device: "t" });
    const unread = await landed("2026-10-08", { campaignId: "1", keywordMissing: "literal" });
    await wrote("2026-10-21", unread);
    await landed("2026-10-08", { campaignId: "77", keyword: "よその言葉", path: "/gone", missingPage: true });
    await wrote("2026-10-22", await landed("2026-10-09", { keyword: "stay", matchType: "exact" }), "subscription");
    await landed("2026-10-09", { clickKey: "yclid:1", keyword: "入院", matchType: "exact", device: "x" });
    await landed("2026-10-10", { isAd: false, utmSource: "leaflet", utmMedium: "qr", keywordMissing: "absent" });
    await wrote("2026-10-23", await landed("2026-05-01", study));
    await wrote("2026-10-23", null);
  });

  test("by keyword", async () => {
    expect(await rowsBy("keyword")).toEqual([
      ["入院 | 検索 | 岡山", "1000 40", "7 6 1 0", "7 1 6 7", "6000 JPY", 85.7, "1000"],
      ["stay | 助成 | Grants", "10 1", "1 0 0 1", "0 0 0 0", "1.20 USD", "-", "(0)"],
      ["入院 | - | -", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
      ["よその言葉 | - | ID 77", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
      ["入院 | - | 岡山", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
      ["復学 | 検索 | 岡山", "300 10", "0 0 0 0", "0 0 0 0", "1500 JPY", "-", "(0)"],
      ["入院 | 検索 | 岡山", "200 5", "0 0 0 0", "0 0 0 0", "500 JPY", "-", "(0)"],
      ["学校 | 検索 | 倉敷", "90 0", "0 0 0 0", "0 0 0 0", "0 JPY", "-", "(0)"],
      ["広告側の設定もれ | - | 岡山", "- -", "1 0 0 0", "1 0 1 1", "-", "-", "-"],
      ["leaflet／qr | - | -", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
      ["以前の広告 | - | -", "- -", "0 0 0 0", "1 0 1 0", "-", "-", "-"],
      ["広告以外・不明 | - | -", "- -", "0 0 0 0", "1 0 1 2", "-", "-", "-"],
    ]);
  });

  test("by campaign: also landings of which only the campaign is known, and their consultations by its cost", async () => {
    expect(await rowsBy("campaign")).toEqual([
      ["岡山 | 検索 | 岡山", "1500 55", "9 6 1 0", "8 1 7 8", "8000 JPY", 77.8, "1143"],
      ["Grants | 助成 | Grants", "10 1", "1 0 0 1", "0 0 0 0", "1.20 USD", "-", "(0)"],
      ["ID 77 | - | ID 77", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
      ["倉敷 | 検索 | 倉敷", "90 0", "0 0 0 0", "0 0 0 0", "0 JPY", "-", "(0)"],
      ["キャンペーンの情報なし | - | -", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
      ["ほかのリンク | - | -", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
      ["以前の広告 | - | -", "- -", "0 0 0 0", "1 0 1 0", "-", "-", "-"],
      ["広告以外・不明 | - | -", "- -", "0 0 0 0", "1 0 1 2", "-", "-", "-"],
    ]);
  });

  test("by ad group: of one that two ad groups could be, it says that it does not know", async () => {
    expect((await rowsBy("ad_group")).slice(0, 5)).toEqual([
      ["学習 | 検索 | 岡山", "1300 50", "7 6 1 0", "7 1 6 7", "7500 JPY", 85.7, "1250"],
      ["Study | 助成 | Grants", "10 1", "1 0 0 1", "0 0 0 0", "1.20 USD", "-", "(0)"],
      ["どの広告グループか分からないもの | - | -", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
      ["医療 | 検索 | 岡山", "200 5", "0 0 0 0", "0 0 0 0", "500 JPY", "-", "(0)"],
      ["学習 | 検索 | 倉敷", "90 0", "0 0 0 0", "0 0 0 0", "0 JPY", "-", "(0)"],
    ]);
  });

  test("by match type: currencies stand apart, and another platform's consultations are not Google's cost", async () => {
    expect((await rowsBy("match_type")).slice(0, 3)).toEqual([
      ["完全一致 | - | -", "1300 46", "10 6 1 1", "7 1 6 7", "6500 JPY + 1.20 USD", 60, "1083 + (0)"],
      ["フレーズ一致 | - | -", "300 10", "0 0 0 0", "0 0 0 0", "1500 JPY", "-", "(0)"],
      ["マッチタイプの情報なし | - | -", "- -", "2 0 0 0", "1 0 1 1", "-", "-", "-"],
    ]);
  });

  test("by account", async () => {
    expect((await rowsBy("account")).slice(0, 4)).toEqual([
      ["検索 | 検索 | -", "1590 55", "9 6 1 0", "8 1 7 8", "8000 JPY", 77.8, "1143"],
      ["助成 | 助成 | -", "10 1", "1 0 0 1", "0 0 0 0", "1.20 USD", "-", "(0)"],
      ["Yahoo! 広告 | - | -", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
      ["費用のファイルにないアカウント | - | -", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
    ]);
  });

  test("by device and by page, from the landings themselves", async () => {
    expect(await rowsBy("device")).toEqual([
      ["スマートフォン | - | -", "- -", "6 6 0 0", "6 0 6 6", "-", 100, "-"],
      ["パソコン | - | -", "- -", "1 0 1 0", "1 1 0 1", "-", "-", "-"],
      ["タブレット | - | -", "- -", "1 0 0 0", "0 0 0 0", "-", "-", "-"],
      ["端末の情報なし | - | -", "1600 56", "5 0 0 1", "1 0 1 1", "8000 JPY + 1.20 USD", "-", "(0) + (0)"],
      ["以前の広告 | - | -", "- -", "0 0 0 0", "1 0 1 0", "-", "-", "-"],
      ["広告以外・不明 | - | -", "- -", "0 0 0 0", "1 0 1 2", "-", "-", "-"],
    ]);
    const { found } = await read({ by: "device" });
    expect(found.flatMap(({ name, note }) => (note ? [`${name}: ${note}`] : []))).toEqual([
      "端末の情報なし: 費用は端末別に分かりません。",
    ]);
    expect((await rowsBy("page")).map((row) => [row[0], row[2], row[3]])).toEqual([
      ["/ | - | -", "10 4 1 1", "6 1 5 6"],
      ["/guides | - | -", "2 2 0 0", "2 0 2 2"],
      ["ないページ（404） | - | -", "1 0 0 0", "0 0 0 0"],
      ["以前の広告 | - | -", "0 0 0 0", "1 0 1 0"],
      ["広告以外・不明 | - | -", "0 0 0 0", "1 0 1 2"],
    ]);
  });
});

describe("cost by device", () => {
  const byDevice =
    "キーワード ID,検索キーワード,キャンペーン,キャンペーン ID,広告グループ,広告グループ ID,日,デバイス,表示回数,クリック数,通貨コード,費用";
  const keyword = "7,[入院],岡山,1,学習,21";
  beforeEach(async () => {
    // Of equal days the newer file counts.
    await take(exported(byDevice, [`${keyword},2026-10-01,パソコン,999,99,JPY,9999`]), { account: "検索" });
    await take(
      exported(byDevice, [
        `${keyword},2026-10-01,モバイル デバイス（フル インターネット）,100,10,JPY,1000`,
        `${keyword},2026-10-01,タブレット（フル インターネット）,20,2,JPY,200`,
        `${keyword},2026-10-02,パソコン,10,1,JPY,50`,
        `${keyword},2026-10-02,モバイル デバイス（フル インターネット）,100,10,JPY,1000`,
      ]),
      { account: "検索" },
    );
    const bid = { campaignId: "1", adGroupId: "21", targetId: "kwd-7", keyword: "入院", matchType: "exact" as const };
    for (let n = 0; n < 5; n++) await wrote("2026-10-05", await landed("2026-10-02", { ...bid, device: "m" }));
    await wrote("2026-10-05", await landed("2026-10-02", { ...bid, device: "c" }));
    // On a telephone, but by no keyword that has a cost.
    await wrote("2026-10-05", await landed("2026-10-02", { keyword: "よその言葉", device: "m" }));
  });
  const costs = async () =>
    (await read({ by: "device" })).found.map((row) => [
      ...[0, 1, 4].map((at) => shown(row)[at]),
      row.isUndivided ? `－ ${row.costs.map(({ consultations }) => consultations).join(" ")}` : shown(row)[6],
      row.note ?? "",
    ]);

  test("stands beside its landings, and each cost by the consultations that it led to", async () => {
    expect(await costs()).toEqual([
      ["スマートフォン | - | -", "200 20", "2000 JPY", "400", ""],
      ["パソコン | - | -", "10 1", "50 JPY", "(1)", ""],
      ["タブレット | - | -", "20 2", "200 JPY", "(0)", ""],
    ]);
  });

  test("is not divided by consultations while a part of it is known for no device", async () => {
    const whole = byDevice.replace("デバイス,", "");
    await take(exported(whole, [`${keyword},2026-10-03,30,3,JPY,300`]), { account: "検索" });
    await take(exported(byDevice, [`${keyword},2026-10-04,テレビ画面,5,0,JPY,7`]), { account: "検索" });
    await take(exported(byDevice, ["8,[学校],倉敷,2,医療,22,2026-10-04,PC,5,1,USD,2.50"]), { account: "助成" });
    const partly = "費用は、端末別に分かる日の分だけです。1件あたりの費用は出せません。";
    expect(await costs()).toEqual([
      ["スマートフォン | - | -", "200 20", "2000 JPY", "－ 0", partly],
      ["パソコン | - | -", "15 2", "50 JPY + 2.50 USD", "－ 0 0", partly],
      ["タブレット | - | -", "20 2", "200 JPY", "－ 0", partly],
      ["端末の情報なし | - | -", "35 3", "307 JPY", "－ 0", "端末別に分からない費用です。"],
    ]);
  });
});

test("a row stands beside the same row of the compared period, and what was only there is summed up", async () => {
  await take(exported(headings, ["7,[入院],岡山,1,学習,21,10,1,JPY,100"]));
  await take(exported(headings, ["7,[入院],岡山,1,学習,21,20,2,JPY,300"], "2026年9月1日 - 2026年9月30日"));
  await landed("2026-10-02", { targetId: "kwd-7", keyword: "入院" });
  for (const day of ["2026-09-01", "2026-09-30"]) await landed(day, { targetId: "kwd-7", keyword: "入院" });
  await landed("2026-09-30", { keyword: "先月だけ" });
  await landed("2025-10-31", { keyword: "前の年" });
  const { found, compared } = await read({ compare: "previous" });
  expect(found.map(({ name, landings, was }) => [name, landings, was?.landings, was?.costs[0]?.cost])).toEqual([
    ["入院", 1, 2, 300_000_000n],
  ]);
  expect(compared?.period).toEqual({ from: "2026-09-01", to: "2026-09-30" });
  expect([compared?.sums.totals.landings, compared?.gone.rows, compared?.gone.totals.landings]).toEqual([3, 1, 1]);
  const year = await read({ compare: "year" });
  expect([year.compared?.sums.totals.landings, year.found[0]?.was]).toEqual([1, undefined]);
});

describe("what no line of an account holds", () => {
  const total = "合計: アカウント,,,,,,100,20,JPY,1000";
  const row = "7,[入院],岡山,1,学習,21,10,1,JPY,100";
  const remainders = async (input: ViewInput = {}) =>
    (await read(input)).remainders.map(({ account, impressions, clicks, cost }) => [
      account,
      impressions,
      clicks,
      cost,
    ]);

  test("is the total less the lines, of files that lie in the period", async () => {
    await take(exported(headings, [row, total]), { account: "検索" });
    expect(await remainders()).toEqual([["検索", 90, 19, 900_000_000n]]);
    expect(await remainders({ from: "2026-09-01" })).toEqual([["検索", 90, 19, 900_000_000n]]);
    expect(await remainders({ from: "2026-10-02" })).toEqual([]);
    expect(await remainders({ from: "2026-09-01", to: "2026-09-30" })).toEqual([]);
  });

  test("is not known where two files speak of the same days", () => {
    const file = (from: string, to: string): ImportLine => {
      const remainder = { impressions: 9, clicks: 1, cost: 5n };
      return {
        ...{ id: from, file: from, report: "keywords", account: "検索", currency: "JPY", rows: 1 },
        ...{ timeZone: "Asia/Tokyo", granularity: "sum", totals: {}, notes: [] },
        ...{ period: { from, to }, sums: remainder, importedAt: new Date(0) },
        coverage: { of: "アカウント", total: remainder, remainder },
      };
    };
    const known = remaindersOf([file("2026-10-01", "2026-10-15"), file("2026-10-16", "2026-10-31")], october);
    expect(known).toEqual([{ account: "検索", currency: "JPY", impressions: 18, clicks: 2, cost: 10n }]);
    expect(remaindersOf([file("2026-10-01", "2026-10-15"), file("2026-10-15", "2026-10-31")], october)).toEqual([]);
  });

  test("is not known without a stated total, or where the lines cost more than it", async () => {
    await take(exported(headings, [row]), { account: "なし" });
    await take(exported(headings, [row, "合計: アカウント,,,,,,100,20,JPY,99"]), { account: "少ない" });
    expect(await remainders()).toEqual([]);
  });
});

test("whatever comes, the rows of each grouping add up to the totals of the period", async () => {
  await take(
    exported(headings, [
      "7,[入院],岡山,1,学習,21,10,1,JPY,100.5",
      "7,[入院],岡山,1,医療,22,20,2,JPY,200",
      '8,"""学校""",倉敷,2,学習,23,30,3,JPY,0.25',
    ]),
    { account: "A" },
  );
  await take(exported(headings, ["9,[stay],Grants,3,Study,31,10,1,USD,1.20"]), { account: "B" });
  const click = fc.record(
    {
      keyword: fc.constantFrom("入院", "学校", "＝1", "stay"),
      targetId: fc.constantFrom("kwd-7", "kwd-8", "dsa-1"),
      campaignId: fc.constantFrom("1", "2", "9"),
      adGroupId: fc.constantFrom("21", "22", "99"),
      matchType: fc.constantFrom("exact", "broad"),
      device: fc.constantFrom("m", "c", "x"),
      utmCampaign: fc.constantFrom("岡山", "作り話"),
      utmSource: fc.constantFrom("yahoo", "newsletter"),
      path: fc.constantFrom("/", "/guides"),
      missingPage: fc.boolean(),
      isAd: fc.boolean(),
      crawler: fc.boolean(),
      prefetched: fc.boolean(),
    } as const,
    { requiredKeys: [] },
  );
  const lead = fc.constantFrom("consultation", "download", "subscription", "none", "alone");
  for (const [columns, then, day, spam] of fc.sample(
    fc.tuple(click, lead, fc.constantFrom("06-01", "10-09"), fc.nat(3)),
    200,
  )) {
    const id = await landed(`2026-${day}`, columns);
    if (then === "alone") await wrote("2026-10-09", null);
    else if (then !== "none") await wrote("2026-10-10", id, then, spam);
  }
  const { summary, costs: all } = await readReport(viewFromInput(october));
  const { impressions, adClicks, ...counts } = summary.totals;
  expect(counts.landings).toBeGreaterThan(20);
  for (const by of Object.keys(groupings) as Grouping[]) {
    const { sums, found, costs, summary: own } = await readReport(viewFromInput({ ...october, by }));
    expect([by, new Set(found.map(({ key }) => key)).size]).toEqual([by, found.length]);
    expect([by, own.totals]).toEqual([by, summary.totals]);
    expect([by, costs]).toEqual([by, all]);
    expect({ by, ...sums.totals }).toMatchObject({ by, ...counts });
    if (by === "page") continue;
    expect({ by, ...sums.totals }).toMatchObject({ by, impressions, adClicks });
    expect([by, ...sums.costs.map(({ cost, currency }) => decimalOf(cost, currency))]).toEqual([by, "301", "1.20"]);
  }
});

/** The shapes that exports come in, each with its right answer. */

import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { readAds } from "#analytics/ad-files/ads-file.ts";
import { read, readAdsFile, report, sample, yen } from "./reading.ts";

describe("totals", () => {
  test("of a file without campaigns, in the second column, one a day: never a search term", async () => {
    const text = [
      "検索語句別・日別",
      "日,検索語句,通貨コード,表示回数,クリック数,費用",
      "2026-09-01,入院 勉強,JPY,10,1,100",
      "2026-09-01,合計: アカウント,JPY,100,9,450",
      "2026-09-02,合計: アカウント,JPY,50,1,50",
    ];
    const file = await read(text.join("\n"));
    expect(file.rows.map(({ term, cost }) => [term, cost])).toEqual([["入院 勉強", yen(100)]]);
    expect(Object.fromEntries(file.totals)).toEqual({ アカウント: { impressions: 150, clicks: 10, cost: yen(500) } });
  });

  test("behind a segment: one a segment is added up, and the whole wins where the file has it", async () => {
    const heading = "デバイス,検索キーワード,キャンペーン,表示回数,クリック数,通貨コード,費用";
    const rows = ["パソコン,入院,岡山,1,1,JPY,10", "モバイル,入院,岡山,2,1,JPY,20"];
    const parts = [
      "Computers,Total: Filtered keywords, --,1,1,JPY,10",
      "Mobile,Total: Filtered keywords, --,2,1,JPY,20",
    ];
    const file = await read(report({ heading, rows: [...rows, ...parts] }));
    expect(file.rows.map(({ device, cost }) => [device, cost])).toEqual([
      ["パソコン", yen(10)],
      ["モバイル", yen(20)],
    ]);
    expect(file.totals.get("Filtered keywords")).toEqual({ impressions: 3, clicks: 2, cost: yen(30) });
    const whole = " --,Total: Filtered keywords, --,3,2,JPY,31";
    expect(
      (await read(report({ heading, rows: [...rows, ...parts, whole] }))).totals.get("Filtered keywords")?.cost,
    ).toBe(yen(31));
  });

  test("of a campaign report, in the column of the campaigns", async () => {
    const heading = "キャンペーン,キャンペーン タイプ,表示回数,クリック数,通貨コード,費用";
    const rows = ["岡山_検索,検索,10,1,JPY,100", "全国,P-MAX,50,5,JPY,500", "合計: アカウント, --,60,6,JPY,600"];
    const file = await read(report({ heading, rows }));
    expect(file.report).toBe("campaigns");
    expect(file.rows.map(({ campaign, keyword, cost }) => [campaign, keyword, cost])).toEqual([
      ["岡山_検索", "", yen(100)],
      ["全国", "", yen(500)],
    ]);
    expect([...file.totals.keys()]).toEqual(["アカウント"]);
  });

  const heading = "キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用";
  const dollars = (total: string) => [
    "a,Grants,Study,1,1,USD,0.01",
    "b,Grants,Study,1,1,USD,0.01",
    `Total: Your keywords,,,2,2,USD,${total}`,
  ];
  test("that differ from the rows by rounding alone are right, and by more are told", async () => {
    expect((await read(report({ heading, rows: dollars("0.03") }))).notes).toEqual([]);
    expect((await read(report({ heading, rows: dollars("0.05") }))).notes).toEqual([
      expect.stringContaining("ファイルの「Your keywords」（表示 2、クリック 2）と費用で違います"),
    ]);
    const fewer = [...dollars("0.02").slice(0, 1), "Total: Your keywords,,,2,2,USD,0.02"];
    expect((await read(report({ heading, rows: fewer }))).notes).toEqual([expect.stringContaining("行が欠けている")]);
  });
});

describe("shapes", () => {
  const row = "2026-10-05,入院,岡山,学習,10,1,JPY,100";
  const heading = (first: string) =>
    `${first},キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用`;

  test.each([
    ["週", "2026-10-05", "2026-10-05", "2026-10-11"],
    ["週", "2026年10月26日", "2026-10-26", "2026-10-31"], // cut to the file's period
    ["Week", "Oct 5, 2026", "2026-10-05", "2026-10-11"],
    ["月", "2026-10-01", "2026-10-01", "2026-10-31"],
    ["月", "2026年10月", "2026-10-01", "2026-10-31"],
    ["Month", "October 2026", "2026-10-01", "2026-10-31"],
    ["日", "令和8年10月5日", "2026-10-05", "2026-10-05"],
  ])("a row of the %s %s", async (column, cell, from, to) => {
    const file = await read(report({ heading: heading(column), rows: [row.replace("2026-10-05", `"${cell}"`)] }));
    expect(file.rows).toMatchObject([{ from, to, cost: yen(100) }]);
  });

  test.each([
    ["令和8年9月1日", "2026-09-01", "2026-09-01"],
    ["令和元年10月1日～令和2年1月31日", "2019-10-01", "2020-01-31"],
    ["検索キーワード レポート（2026年9月1日 - 2026年9月30日）", "2026-09-01", "2026-09-30"],
    ["Search keyword report, Sep 1, 2026 - Sep 30, 2026 (Japan)", "2026-09-01", "2026-09-30"],
  ])("the period of %s", async (range, from, to) => {
    expect((await read(report({ range }))).period).toEqual({ from, to });
  });

  test("a period is given where the file states none, and must be the file's where it does", async () => {
    const period = { from: "2026-09-01", to: "2026-09-30" };
    expect((await read(report({ range: "全期間" }), { period })).rows).toMatchObject([period]);
    await expect(read(report({}), { period })).rejects.toThrow(
      "指定された期間（2026-09-01 から 2026-09-30 まで）と違います",
    );
  });

  test("semicolons, any order, and interactions for clicks where that is the same", async () => {
    const text = [
      "レポート",
      "2026-10-01",
      "Cost;Interactions;Keyword;Currency code;Impr.;Campaign;Ad group",
      "1.25;2;a;USD;9;C;G",
    ];
    const { rows, notes } = await read(text.join("\n"));
    expect(rows).toMatchObject([
      { keyword: "a", campaign: "C", adGroup: "G", impressions: 9, clicks: 2, cost: 1_250_000n },
    ]);
    expect(notes[0]).toContain("「インタラクション」をクリックとして数えました");
    const campaigns = (type: string) =>
      read(["r", "2026-10-01", "Campaign,Campaign type,Interactions,Impr.,Cost", `C,${type},2,9,1`].join("\n"));
    expect((await campaigns("Search")).rows).toMatchObject([{ clicks: 2 }]);
    await expect(campaigns("Video")).rejects.toThrow("インタラクションは、クリックとは限りません");
  });

  test("what is missing is named, with what cannot be said without it", async () => {
    const { notes } = await read("r\n2026-10-01\nキーワード,表示回数,クリック数,費用\n入院,1,1,1");
    expect(notes.join()).toMatch(/「キャンペーン」の列がない.*「広告グループ」の列がない.*合計の行がない/u);
    for (const [missing, sentence] of Object.entries({
      費用: "いくらかかったかが分からない",
      クリック数: "広告から何人が来たかが分からない",
      表示回数: "クリックされた割合が分からない",
    })) {
      const heading = ["キーワード", "費用", "クリック数", "表示回数"].filter((name) => name !== missing);
      await expect(read(`r\n2026-10-01\n${heading.join()}\na,1,1`)).rejects.toThrow(
        `「${missing}」の列がありません。${sentence}`,
      );
    }
  });

  test("equal rows, clicks above impressions and days to come are told", async () => {
    const rows = ["入院,岡山,学習,1,2,JPY,1", "入院,岡山,学習,1,2,JPY,1"];
    const { notes } = await read(report({ range: "2027年1月1日 - 2027年1月31日", rows }), {
      now: new Date("2026-11-27"),
    });
    expect(notes).toEqual([
      expect.stringContaining("同じ内容の行が 1 行あります（はじめは 5行目）"),
      expect.stringContaining("クリック数が表示回数より多い行が 2 行あります（はじめは 4行目）"),
      expect.stringContaining("まだ来ていない日"),
      expect.stringContaining("合計の行がない"),
    ]);
  });

  test("P-MAX and DSA among search terms are lines of their campaign", async () => {
    const heading = "検索語句,検索キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用";
    const { rows } = await read(report({ heading, rows: ["入院とは, --,全国_PMAX, --,5,1,JPY,10"] }));
    expect(rows).toMatchObject([{ term: "入院とは", keyword: "", campaign: "全国_PMAX", adGroup: "" }]);
  });

  test("campaign rows of the API", async () => {
    const file = await readAdsFile(sample("google_ads_api_style/campaign_stats_data.csv"));
    expect(file).toMatchObject({ report: "campaigns", customer: "2121450128", granularity: "day" });
    expect(file.rows).toHaveLength(16);
    expect(file.rows[0]).toMatchObject({ campaignId: "9935249409", keyword: "" });
  });

  test("Yahoo! 検索広告, by its documented names: in yen", async () => {
    const heading =
      "日,キャンペーンID,キャンペーン名,広告グループID,広告グループ名,キーワードID,キーワード,マッチタイプ,インプレッション数,クリック数,コスト,デバイス";
    const bytes = iconv.encode(
      `${heading}\n2026/10/1,1,岡山,2,学習,3,入院 勉強,フレーズ一致,"1,000",10,"12,345",スマートフォン`,
      "cp932",
    );
    const file = await readAdsFile(bytes);
    expect(file).toMatchObject({ report: "keywords", platform: "yahoo", currency: "JPY", notes: [] });
    expect(file.rows).toMatchObject([
      {
        campaignId: "1",
        adGroupId: "2",
        keywordId: "3",
        keyword: "入院 勉強",
        matchType: "phrase",
        cost: yen(12_345),
        device: "スマートフォン",
      },
    ]);
  });

  test("Microsoft, by its documented names: weeks where the report says so, and no last line", async () => {
    const text = [
      '"Report Name: Keywords"',
      '"Report Aggregation: Weekly"',
      '"TimePeriod","AccountId","CampaignName","CampaignId","AdGroupName","AdGroupId","Keyword","KeywordId","BidMatchType","CurrencyCode","Impressions","Clicks","Spend"',
      '"2026-10-04","77","C","1","G","2","hospital school","3","Exact","USD","10","1","1.50"',
      '"©2026 Microsoft Corporation. All rights reserved. "',
    ];
    const file = await read(`\ufeff${text.join("\r\n")}`);
    expect(file).toMatchObject({ platform: "microsoft", currency: "USD", customer: "77", granularity: "week" });
    expect(file.rows).toMatchObject([{ from: "2026-10-04", to: "2026-10-10", matchType: "exact", cost: 1_500_000n }]);
  });

  test.each([
    ["xlsx", [0x50, 0x4b, 3, 4], "Excel のブック（.xlsx）"],
    ["xls", [0xd0, 0xcf, 0x11, 0xe0], "古い Excel のブック"],
    ["PDF", [0x25, 0x50, 0x44, 0x46], "PDF です"],
    ["PNG", [0x89, 0x50, 0x4e, 0x47], "画像（PNG）"],
    ["JPEG", [0xff, 0xd8, 0xff, 0xe0], "画像（JPEG）"],
    ["gzip", [0x1f, 0x8b, 8, 0], "圧縮されたファイル"],
  ])("a %s is told what it is", (_, bytes, sentence) =>
    expect(readAdsFile(Buffer.from([...bytes, 1, 2, 3]))).rejects.toThrow(sentence),
  );

  test("a letter that two parts of the file share is one letter, in every encoding", async () => {
    const text = report({ rows: Array.from({ length: 300 }, (_, n) => `入院 勉強 ${n},岡山,学習,10,1,JPY,100`) });
    for (const encoding of ["utf-8", "utf-16le", "cp932"] as const) {
      const bytes = iconv.encode(text, encoding);
      const open = async function* () {
        for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
      };
      const names: string[] = [];
      await readAds({ name: "x", open }, {}, async (rows) => void names.push(...rows.map(({ keyword }) => keyword)));
      expect(names).toEqual(Array.from({ length: 300 }, (_, n) => `入院 勉強 ${n}`));
    }
  });
});

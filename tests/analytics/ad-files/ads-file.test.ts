import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { exactDecimal } from "#analytics/money.ts";
import { folder, read, readAdsFile, report, sample, yen } from "./reading.ts";

describe("the samples", () => {
  test("English keywords, UTF-16 with tabs: marks off, totals apart", async () => {
    const file = await readAdsFile(sample("en_keywords_utf16le_tab.csv"));
    const dates = { from: "2026-10-01", to: "2026-10-31" };
    const group = { campaign: "Grants", adGroup: "Study", conversions: "0.000000" };
    expect(file).toEqual({
      report: "keywords",
      granularity: "sum",
      period: dates,
      currency: "USD",
      sums: { impressions: 10, clicks: 1, cost: 1_200_000n },
      notes: [],
      hash: createHash("sha256").update(sample("en_keywords_utf16le_tab.csv")).digest("hex"),
      rows: [
        {
          ...dates,
          ...group,
          keywordId: "311000000001",
          keyword: "long stay hospital child study",
          matchType: "phrase",
          impressions: 10,
          clicks: 1,
          cost: 1_200_000n,
        },
        {
          ...dates,
          ...group,
          keywordId: "311000000002",
          keyword: "hospital school",
          matchType: "exact",
          impressions: 0,
          clicks: 0,
          cost: 0n,
        },
      ],
      totals: new Map([
        ["Your keywords", { impressions: 10, clicks: 1, cost: 1_200_000n }],
        ["AI Max expanded matches", { impressions: 0, clicks: 0, cost: 0n }],
        ["Account", { impressions: 10_708, clicks: 54, cost: 164_110_000n }],
      ]),
    });
  });

  test("Japanese search terms by day: the keyword is the bid one, the term the typed one", async () => {
    const file = await readAdsFile(sample("ja_search_terms_daily_utf8.csv"));
    expect(file.report).toBe("search_terms");
    expect(file.currency).toBe("JPY");
    expect(
      file.rows.map((r) => [
        r.from,
        r.to,
        r.term,
        r.keyword,
        r.matchType,
        r.keywordId,
        r.impressions,
        r.clicks,
        r.cost,
      ]),
    ).toEqual([
      [
        "2026-10-01",
        "2026-10-01",
        "長期療養 子ども 勉強",
        "長期療養 子ども 勉強",
        "phrase",
        "311000000001",
        12,
        2,
        yen(96),
      ],
      ["2026-10-01", "2026-10-01", "入院　子供　勉強", "入院 子ども 勉強", "broad", "311000000001", 1204, 9, yen(1431)],
      ["2026-10-02", "2026-10-02", "院内学級とは", "院内学級", "exact", "311000000002", 40, 0, 0n],
    ]);
    expect(Object.fromEntries(file.totals)).toEqual({
      検索語句: { impressions: 1256, clicks: 11, cost: yen(1527) },
      その他の検索語句: { impressions: 310, clicks: 4, cost: yen(512) },
      アカウント: { impressions: 9871, clicks: 61, cost: yen(7040) },
    });
  });

  test("keyword rows of the API: cost in millionths, a keyword known by its id alone", async () => {
    const file = await readAdsFile(sample("google_ads_api_style/keyword_stats_data.csv"));
    expect(file).toMatchObject({ report: "keywords", period: { from: "2021-01-12", to: "2021-05-28" } });
    expect(file).toMatchObject({ currency: undefined, customer: "2121450128" });
    expect(file.rows).toHaveLength(15);
    expect(file.rows[0]).toEqual({
      from: "2021-03-15",
      to: "2021-03-15",
      campaignId: "344106493",
      campaign: "",
      adGroupId: "23289504013",
      adGroup: "",
      device: file.rows[0]?.device,
      keywordId: "59284563270",
      keyword: "",
      impressions: 52,
      clicks: 8,
      cost: 19_430_000n,
      conversions: "0.000000",
    });
    expect(exactDecimal(file.rows.reduce((sum, row) => sum + row.cost, 0n))).toBe("203.990000");
  });

  test("search terms of the API: ids out of the criterion, no match type borrowed from the term", async () => {
    const file = await readAdsFile(sample("google_ads_api_style/search_term_keyword_stats_data.csv"));
    expect(file).toMatchObject({ report: "search_terms", period: { from: "2025-04-10", to: "2025-04-19" } });
    expect(file.rows).toHaveLength(10);
    expect(file.rows[1]).toEqual({
      from: "2025-04-18",
      to: "2025-04-18",
      term: "+search +term",
      campaignId: "9935249409",
      campaign: "",
      adGroupId: "23289504013",
      adGroup: "",
      keywordId: "1002",
      keyword: "search term",
      impressions: 100,
      clicks: 10,
      cost: 45_000n,
      conversions: "1.000000",
    });
  });

  const others: Record<string, RegExp> = {
    "google_offline_conversions.csv": /オフライン コンバージョン/u,
    "yahoo_search_offline_conversions_sjis.csv": /オフライン コンバージョン/u,
    "ad_group_criterion_history_data.csv": /履歴/u,
    "ad_group_history_data.csv": /履歴/u,
    "campaign_history_data.csv": /履歴/u,
  };
  const names = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".csv"));
  test.each(names)("%s is read, or refused with its own sentence", async (name) => {
    const sentence = others[basename(name)];
    if (sentence) await expect(readAdsFile(sample(name))).rejects.toThrow(sentence);
    else expect((await readAdsFile(sample(name))).rows.length).toBeGreaterThan(0);
  });
});

describe("spellings", () => {
  const bom = Buffer.from([0xff, 0xfe]);
  test.each([
    ["UTF-8", Buffer.from(report({}))],
    ["UTF-8 with its mark", Buffer.from(`\ufeff${report({})}`)],
    ["UTF-8 with CRLF", Buffer.from(report({}).replaceAll("\n", "\r\n"))],
    ["UTF-16LE", Buffer.from(report({}), "utf16le")],
    ["UTF-16LE with its mark", Buffer.concat([bom, Buffer.from(report({}), "utf16le")])],
    ["CP932", iconv.encode(report({}), "cp932")],
  ])("%s is read alike", async (_, bytes) => {
    const { rows, period } = await readAdsFile(bytes);
    expect(period).toEqual({ from: "2026-10-01", to: "2026-10-31" });
    expect(rows).toMatchObject([{ keyword: "長期入院 学校", matchType: "phrase", impressions: 1204, cost: yen(1431) }]);
  });

  test.each([
    ["2026年10月1日 - 2026年10月31日", "2026-10-01", "2026-10-31"],
    ["2026年10月1日", "2026-10-01", "2026-10-01"],
    ["1 October 2026 - 31 October 2026", "2026-10-01", "2026-10-31"],
    ["October 1, 2026 - October 31, 2026", "2026-10-01", "2026-10-31"],
    ['"October 1, 2026 - October 31, 2026"', "2026-10-01", "2026-10-31"],
    ["Oct 1, 2026 – Oct 2, 2026", "2026-10-01", "2026-10-02"],
    ["2026/10/01 - 2026/10/31", "2026-10-01", "2026-10-31"],
    ["29 February 2028", "2028-02-29", "2028-02-29"],
  ])("the range %s is read", async (range, from, to) => {
    expect((await read(report({ range }))).period).toEqual({ from, to });
  });

  test("a typed 「合計: …」 beside its campaign is a search term; a total has no campaign", async () => {
    const file = await read(
      report({
        heading: "検索語句,検索キーワード,キャンペーン,表示回数,クリック数,通貨コード,費用",
        rows: [
          "合計: 医療費,医療費,岡山,5,1,JPY,10",
          "合計: 検索語句,,,5,1,JPY,10",
          "Total: Account, --, --,9,2,JPY,20",
        ],
      }),
    );
    expect(file.rows.map((row) => row.term)).toEqual(["合計: 医療費"]);
    expect([...file.totals.keys()]).toEqual(["検索語句", "Account"]);
  });
});

describe("refusals", () => {
  test.each([
    ["no line breaks", "入院,岡山,".repeat(100_000)],
    ["a quotation mark that is never closed", `"入院${",岡山,学習,10,1,JPY,100\n".repeat(20_000)}`],
  ])("a file with %s is not held whole", async (_, row) => {
    await expect(read(report({ rows: [row] }))).rejects.toThrow("一つの行が長すぎます");
  });

  test.each([
    [
      "a day that is on no calendar",
      { range: "2026年9月1日 - 2026年9月31日" },
      /2026年9月31日」という日付はありません/u,
    ],
    ["29 February of a common year", { range: "29 February 2027" }, /ありません/u],
    ["a range that runs backwards", { range: "2026年10月31日 - 2026年10月1日" }, /終わりが始まりより前/u],
    ["no range and no days", { range: "10月分" }, /期間が分かりません。.*--from/u],
    ["all time", { range: "全期間" }, /「全期間」のレポートで、いつからいつまで/u],
    ["all time in English", { range: "All time" }, /「全期間」のレポート/u],
    [
      "no cost",
      { heading: "キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,CTR" },
      /「費用」の列/u,
    ],
    ["a number that could be two", { rows: ["a,岡山,学習,1.204,9,JPY,10"] }, /4行目の「1.204」/u],
    ["a broken thousand", { rows: ['a,岡山,学習,"12,04",9,JPY,10'] }, /12,04/u],
    ["a negative cost", { rows: ["a,岡山,学習,1,9,JPY,-10"] }, /-10/u],
    ["a row cut short", { rows: ["a,岡山,学習,1"] }, /4行目の列の数/u],
    ["a row of neither kind", { rows: ["メモ,,,1,9,JPY,10"] }, /4行目は、キーワードの行でも合計の行でもありません/u],
    ["two currencies", { rows: ["a,岡山,学習,1,9,JPY,10", "b,岡山,学習,1,9,USD,10"] }, /複数の通貨（JPY、USD）/u],
    [
      "an id that a spreadsheet has rounded",
      {
        heading: "キーワード ID,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用",
        rows: ["3.11E+11,岡山,学習,1,9,JPY,10"],
      },
      /3\.11E\+11/u,
    ],
    [
      "a row outside the file's own range",
      {
        heading: "キーワード,日,広告グループ,表示回数,クリック数,通貨コード,費用",
        rows: ["a,2026-11-01,学習,1,9,JPY,10"],
      },
      /期間の外/u,
    ],
    [
      "a row on 31 September",
      {
        heading: "キーワード,日,広告グループ,表示回数,クリック数,通貨コード,費用",
        rows: ["a,2026-09-31,学習,1,9,JPY,10"],
      },
      /2026-09-31」という日付はありません/u,
    ],
  ])("%s", async (_, changes, sentence) => expect(read(report(changes))).rejects.toThrow(sentence));

  test("an empty file, and one that is no table", async () => {
    await expect(read("")).rejects.toThrow("ファイルが空です");
    await expect(read("こんにちは")).rejects.toThrow("どのレポートとしても読めません");
    await expect(readAdsFile(Buffer.from([0x61, 0x2c, 0x62, 0xff, 0x80, 0x81, 0xff]))).rejects.toThrow("文字コード");
  });
});

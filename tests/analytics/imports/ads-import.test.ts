import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asc, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { type ImportResult, importAds } from "#analytics/imports/ads-import.ts";
import { importAdsCommand } from "#analytics/imports/command.ts";
import { reportKeywordsCommand } from "#analytics/keywords/command.ts";
import { db, transaction } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { adImports, adSpend, searchTerms } from "#db/schema/attribution.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { empty, exported, take } from "../fixtures.ts";

const files = fileURLToPath(new URL("../files/", import.meta.url));
const days = "日,キーワード,キャンペーン,広告グループ,表示回数,クリック数,費用";
const whole = "キーワード,キャンペーン,広告グループ,表示回数,クリック数,費用";
const day = (date: string, clicks: number) => `${date},入院,岡山,学習,10,${clicks},100`;
const yen = { account: "検索", currency: "JPY" };

const spend = async () =>
  (await db.select().from(adSpend).orderBy(asc(adSpend.dateFrom), asc(adSpend.id))).map((row) =>
    row.dateFrom === row.dateTo ? [row.dateFrom, row.clicks] : [`${row.dateFrom}..${row.dateTo}`, row.clicks],
  );

/** How many wait for a lock in this test's own database. */
const waiting = async () => {
  const [row] = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from pg_locks join pg_database on pg_database.oid = database
    where not granted and datname = current_database()`);
  return row?.n;
};

beforeEach(empty);

describe("one file", () => {
  test("rows are kept, totals stay beside them, and the remainder is what no row explains", async () => {
    const bytes = readFileSync(join(files, "ja_search_terms_daily_utf8.csv"));
    const [result] = await importAds([{ name: "terms.csv", bytes }], { account: "検索" });
    expect(result).toMatchObject({
      file: "terms.csv",
      report: "search_terms",
      account: "検索",
      currency: "JPY",
      period: { from: "2026-10-01", to: "2026-10-31" },
      rows: 3,
      sums: { impressions: 1256, clicks: 11, cost: 1_527_000_000n },
      coverage: {
        of: "アカウント",
        remainder: { impressions: 8615, clicks: 50, cost: 5_513_000_000n },
        percent: 18,
      },
      notes: [],
    });
    expect(result?.refusal).toBeUndefined();
    const kept = await db.select().from(searchTerms).orderBy(asc(searchTerms.id));
    expect(kept.map((row) => [row.term, row.clicks, row.cost, row.conversions])).toEqual([
      ["長期療養 子ども 勉強", 2, "96.000000", "1.00"],
      ["入院　子供　勉強", 9, "1431.000000", "0.00"],
      ["院内学級とは", 0, "0.000000", "0.00"],
    ]);
    expect(await spend()).toEqual([]);
    const [imported] = await db.select().from(adImports);
    expect(imported?.totals["アカウント"]).toEqual({ impressions: 9871, clicks: 61, cost: "7040.000000" });
    const events = await db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.nounId, imported?.id ?? ""));
    expect(events).toMatchObject([{ action: "import", noun: "ad_import", staffId: null, detail: { rows: 3 } }]);
  });

  test("the currency is the file's, else the one given, else the file waits", async () => {
    const text = exported(whole, ["入院,岡山,学習,10,1,100"]);
    expect((await take(text)).refusal).toContain("通貨が分かりません");
    expect((await take(text, { currency: "yen!" })).refusal).toContain("通貨コードではありません");
    expect(await take(text, { currency: "jpy" })).toMatchObject({ currency: "JPY", account: "Google 広告（JPY）" });
    const told = exported(`${whole},通貨コード`, ["入院,岡山,学習,10,1,2.5,USD"]);
    expect(await take(told, { currency: "JPY" })).toMatchObject({ currency: "USD", account: "Google 広告（USD）" });
  });

  test("one account never holds two currencies", async () => {
    await take(exported(whole, ["入院,岡山,学習,10,1,100"]), yen);
    const other = await take(exported(whole, ["入院,岡山,学習,10,1,9"], "2026年11月1日"), { ...yen, currency: "USD" });
    expect(other.refusal).toContain("これまで JPY でした");
  });

  test("rows that exceed every total of their file are pointed out", async () => {
    const text = exported(whole, ["入院,岡山,学習,10,5,100", "合計: アカウント,,,10,4,100"]);
    expect((await take(text, yen)).notes).toEqual([expect.stringContaining("どの合計よりも大きく")]);
  });
});

describe("files after files", () => {
  test("the same file twice is one import, under whatever name and account", async () => {
    const text = exported(days, [day("2026-10-01", 1)]);
    await take(text, yen);
    expect((await take(text, { ...yen, name: "copy.csv" })).refusal).toContain("取り込み済み");
    expect((await take(text, { ...yen, account: "別" })).refusal).toContain("取り込み済み");
    expect(await spend()).toEqual([["2026-10-01", 1]]);
  });

  test("people importing one file at once import it once", async () => {
    const text = exported(days, [day("2026-10-01", 1)]);
    let all: Promise<ImportResult[]> | undefined;
    await transaction(async (tx) => {
      // Nobody can finish before everybody has begun.
      await tx.execute(sql`lock table ad_imports in share mode`);
      all = Promise.all([take(text, yen), take(text, yen), take(text, { ...yen, account: "別" })]);
      await expect.poll(waiting).toBe(3);
    });
    const refusals = (await all)?.map((result) => result.refusal);
    expect(refusals?.filter((refusal) => refusal === undefined)).toHaveLength(1);
    expect(refusals?.filter((refusal) => refusal?.includes("取り込み済み"))).toHaveLength(2);
    expect(await spend()).toEqual([["2026-10-01", 1]]);
  });

  test("days that come again replace themselves; the others stay", async () => {
    await take(
      exported(
        days,
        ["2026-10-01", "2026-10-15", "2026-10-16", "2026-10-31"].map((d) => day(d, 1)),
      ),
      {
        ...yen,
        name: "old.csv",
      },
    );
    const newer = exported(days, [day("2026-10-16", 7)], "2026年10月16日 - 2026年11月15日");
    expect((await take(newer, yen)).notes).toEqual([
      "「old.csv」のうち 2026年10月16日〜2026年10月31日 の 2 行を置き換えました。",
    ]);
    expect(await spend()).toEqual([
      ["2026-10-01", 1],
      ["2026-10-15", 1],
      ["2026-10-16", 7],
    ]);
    const [old] = await db.select().from(adImports).where(eq(adImports.fileName, "old.csv"));
    // What is left of it speaks for fewer days, and its totals for none.
    expect(old).toMatchObject({ periodFrom: "2026-10-01", periodTo: "2026-10-15", totals: {} });
  });

  test("a file that covers an older one wholly takes its place and says so", async () => {
    await take(exported(whole, ["入院,岡山,学習,10,1,100"]), { ...yen, name: "october.csv" });
    const newer = exported(whole, ["入院,岡山,学習,30,3,300"], "2026年9月1日 - 2026年10月31日");
    expect((await take(newer, yen)).notes).toEqual([
      "「october.csv」（2026年10月1日〜2026年10月31日）を置き換えました。",
    ]);
    expect(await spend()).toEqual([["2026-09-01..2026-10-31", 3]]);
    expect(await db.select().from(adImports)).toHaveLength(1);
  });

  test("a sum that cannot be cut stands, and the file that cuts into it waits, whole", async () => {
    await take(exported(whole, ["入院,岡山,学習,10,1,100"]), { ...yen, name: "october.csv" });
    const newer = exported(days, [day("2026-10-31", 9), day("2026-11-01", 9)], "2026年10月31日 - 2026年11月1日");
    expect((await take(newer, yen)).refusal).toContain("「october.csv」は 2026年10月1日〜2026年10月31日 の合計");
    expect(await spend()).toEqual([["2026-10-01..2026-10-31", 1]]);
    expect(await db.select().from(adImports)).toHaveLength(1);
  });

  test("other accounts, other reports and other months are left alone", async () => {
    const text = (clicks: number, range?: string) => exported(whole, [`入院,岡山,学習,10,${clicks},100`], range);
    await take(text(1), yen);
    await take(text(2), { ...yen, account: "別" });
    await take(text(3, "2026年11月1日 - 2026年11月30日"), yen);
    await take(readFileSync(join(files, "ja_search_terms_daily_utf8.csv"), "utf8"), { account: "検索" });
    expect((await spend()).map(([, clicks]) => clicks)).toEqual([1, 2, 3]);
    expect(await db.select().from(searchTerms)).toHaveLength(3);
  });

  test("more rows than one statement can carry", async () => {
    const rows = Array.from({ length: 5001 }, (_, n) => `語${n},岡山,学習,1,1,1.25`);
    const result = await take(exported(whole, rows), { account: "検索", currency: "USD" });
    expect(result).toMatchObject({ rows: 5001, sums: { clicks: 5001, cost: 6_251_250_000n } });
    expect(await spend()).toHaveLength(5001);
  });
});

describe("at the terminal", () => {
  const path = (name: string) => join(files, name);

  test("every file has its answer; a refused one holds none of the others up", async () => {
    const paths = ["google_offline_conversions.csv", "en_keywords_utf16le_tab.csv", "nowhere.csv"].map(path);
    const { files: found, refused, lines } = await importAdsCommand(paths, { account: "助成" });
    expect(JSON.parse(JSON.stringify(found))).toEqual([
      { file: "google_offline_conversions.csv", refusals: [expect.stringContaining("オフライン")] },
      {
        file: "en_keywords_utf16le_tab.csv",
        refusals: [],
        report: "keywords",
        account: "助成",
        currency: "USD",
        period: { from: "2026-10-01", to: "2026-10-31" },
        rows: 2,
        sums: { impressions: 10, clicks: 1, cost: "1.20" },
        totals: {
          "Your keywords": { impressions: 10, clicks: 1, cost: "1.20" },
          "AI Max expanded matches": { impressions: 0, clicks: 0, cost: "0.00" },
          Account: { impressions: 10_708, clicks: 54, cost: "164.11" },
        },
        remainder: { of: "Account", impressions: 10_698, clicks: 53, cost: "162.91" },
        coverage: 1.9,
        notes: [],
      },
      { file: "nowhere.csv", refusals: ["ファイルを開けません。"] },
    ]);
    expect(refused).toBe(2);
    expect(lines).toContain("   行の合計: 表示 10 / クリック 1 / 費用 1.20 USD");
    expect(lines).toContain("   「Account」との差: 表示 10698 / クリック 53 / 費用 162.91 USD");
  });

  test("all samples that are reports go in together, each currency by itself", async () => {
    const { refused } = await importAdsCommand([
      path("en_keywords_utf16le_tab.csv"),
      path("ja_search_terms_daily_utf8.csv"),
      path("ja_search_terms_daily_utf8.csv"),
    ]);
    expect(refused).toBe(1);
    const report = await reportKeywordsCommand({ from: "2026-10-01", to: "2026-10-31" });
    expect(report.costs).toEqual([
      { currency: "JPY", cost: "1527", consultations: 0, doubtful: 0 },
      { currency: "USD", cost: "1.20", consultations: 0, doubtful: 0 },
    ]);
    expect(() => JSON.stringify(report)).not.toThrow();
    expect(report.lines).toContain("費用の合計（USD）: 1.20、相談1件あたり －（相談 0 件）");
    expect(report.imports.map((i) => [i.file, i.coverage])).toEqual([
      ["ja_search_terms_daily_utf8.csv", 18],
      ["en_keywords_utf16le_tab.csv", 1.9],
    ]);
  });

  test("keywords that an API export knows by number are shown by number", async () => {
    await importAdsCommand([path("google_ads_api_style/keyword_stats_data.csv")], { currency: "USD" });
    const { rows } = await reportKeywordsCommand({ from: "2021-01-01", to: "2021-12-31" });
    expect(rows).toMatchObject([
      {
        account: "2121450128",
        campaign: "ID 344106493",
        adGroup: "ID 23289504013",
        keyword: "ID 59284563270",
        impressions: 751,
        adClicks: 129,
        cost: "203.99",
      },
    ]);
  });

  test("a day that does not exist is told by field, never moved", async () => {
    const asked = reportKeywordsCommand({ from: "2026-09-31", to: "10/1" });
    await expect(asked).rejects.toThrow(Invalid);
    await expect(asked).rejects.toMatchObject({
      errors: {
        from: "開始日の「2026年9月31日」という日付はありません。",
        to: "終了日は 2026-10-01 の形で入力してください。",
      },
    });
  });
});

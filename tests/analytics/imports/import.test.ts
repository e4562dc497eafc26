import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asc, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Changes } from "#analytics/imports/changes.ts";
import { importAdsCommand, progressOn } from "#analytics/imports/command.ts";
import { type ImportResult, importAds } from "#analytics/imports/import.ts";
import { accountDoubt, plainOf } from "#analytics/imports/plain.ts";
import { undoImport } from "#analytics/imports/undo.ts";
import { reportKeywordsCommand } from "#analytics/keywords/command.ts";
import { listImports } from "#analytics/spend/imports.ts";
import { spendIn } from "#analytics/spend/spend.ts";
import { db, transaction } from "#db/client.ts";
import { Invalid, NotFound } from "#db/errors.ts";
import { adImports, adSpend, bids, searchTerms, spendMonths, spendSpans } from "#db/schema/attribution.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { rowCounts, trailOf } from "../../api/requests.ts";
import { empty, exported, take } from "../fixtures.ts";

const files = fileURLToPath(new URL("../files/", import.meta.url));
const days = "日,キーワード,キャンペーン,広告グループ,表示回数,クリック数,費用";
const whole = "キーワード,キャンペーン,広告グループ,表示回数,クリック数,費用";
const day = (date: string, clicks: number) => `${date},入院,岡山,学習,10,${clicks},100`;
const yen = { account: "検索", currency: "JPY" };

/** What counts, by days or sums over them: the clicks. */
const spend = async () =>
  (
    await db.execute<{ days: string; clicks: number }>(sql`
      select date_from::text as days, clicks from ad_spend where counted
      union all
      select date_from::text || '..' || date_to::text, clicks::int from spend_spans where state = 'counted'
      order by 1`)
  )
    .map(({ days: when, clicks }) => [when, clicks])
    .toSorted(([a], [b]) => String(a).localeCompare(String(b)));

/** How many wait for a lock in this test's own database. */
const waiting = async () => {
  const [row] = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from pg_locks join pg_database on pg_database.oid = database
    where not granted and datname = current_database()`);
  return row?.n;
};

let before: Record<string, number> = {};
beforeEach(async () => {
  await empty();
  before = await rowCounts();
});

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

  test("days that come again count once, from the newer file; the others stay, and so does every line", async () => {
    const old = ["2026-10-01", "2026-10-15", "2026-10-16", "2026-10-31"].map((d) => day(d, 1));
    await take(exported(days, old), { ...yen, name: "old.csv" });
    const newer = exported(days, [day("2026-10-16", 7)], "2026年10月16日 - 2026年11月15日");
    expect((await take(newer, yen)).changes).toEqual({
      inside: [
        {
          campaign: "岡山",
          before: { impressions: 20, clicks: 2, cost: 200_000_000n },
          after: { impressions: 20, clicks: 8, cost: 200_000_000n },
        },
      ],
      outside: [],
    });
    expect(await spend()).toEqual([
      ["2026-10-01", 1],
      ["2026-10-15", 1],
      ["2026-10-16", 7],
      ["2026-10-31", 1],
    ]);
    expect(await db.select().from(adSpend)).toHaveLength(5);
    const [kept] = await db.select().from(adImports).where(eq(adImports.fileName, "old.csv"));
    expect(kept).toMatchObject({ periodFrom: "2026-10-01", periodTo: "2026-10-31" });
  });

  test("a longer sum is counted beside a shorter one inside it, for what it says more", async () => {
    await take(exported(whole, ["入院,岡山,学習,10,1,100"]), { ...yen, name: "october.csv" });
    await take(exported(whole, ["入院,岡山,学習,30,3,300"], "2026年9月1日 - 2026年10月31日"), yen);
    expect(await spend()).toEqual([
      ["2026-09-01..2026-10-31", 2],
      ["2026-10-01..2026-10-31", 1],
    ]);
    expect(await db.select().from(adImports)).toHaveLength(2);
  });

  test("a sum never takes the place of days, and days imported later take theirs from it", async () => {
    const months = exported(whole, ["入院,岡山,学習,100,12,1000"], "2026年9月1日 - 2026年11月30日");
    const daily = exported(days, [day("2026-10-01", 1), day("2026-10-02", 2)], "2026年10月1日 - 2026年10月2日");
    const expected = [
      ["2026-09-01..2026-11-30", 9],
      ["2026-10-01", 1],
      ["2026-10-02", 2],
    ];
    for (const order of [
      [months, daily],
      [daily, months],
    ]) {
      await empty();
      for (const text of order) expect((await take(text, yen)).refusal).toBeUndefined();
      expect(await spend()).toEqual(expected);
    }
  });

  test("what changes on other days than the file's is said, as it is imported and as it is undone", async () => {
    const named = (text: string, campaign: string) => text.replaceAll("岡山", campaign);
    const daily = exported(days, [day("2026-10-31", 4)], "2026年10月31日 - 2026年11月1日");
    const clicksIn = ({ inside, outside }: Changes) =>
      [inside, outside].map((part) => part.map(({ campaign, before: b, after: a }) => [campaign, b.clicks, a.clicks]));
    const changed = async (text: string) => clicksIn((await take(text, yen)).changes ?? { inside: [], outside: [] });
    expect(await changed(exported(whole, ["入院,岡山,学習,30,12,300"]))).toEqual([[["岡山", 0, 12]], []]);
    const other = named(exported(whole, ["入院,岡山,学習,30,7,300"], "2026年1月1日 - 2026年1月31日"), "倉敷");
    expect(await changed(other)).toEqual([[["倉敷", 0, 7]], []]);
    const { id = "", changes } = await take(daily, yen);
    expect(changes && clicksIn(changes)).toEqual([[["岡山", 0, 4]], [["岡山", 12, 8]]]);
    expect(clicksIn((await undoImport(null, id)).changes)).toEqual([[["岡山", 4, 0]], [["岡山", 8, 12]]]);
    // A sum that overlaps one of equal length counts nothing, and the older gives way to the newer.
    const shifted = exported(whole, ["入院,岡山,学習,30,5,300"], "2026年10月15日 - 2026年11月14日");
    expect(await changed(shifted)).toEqual([[["岡山", 0, 5]], [["岡山", 12, 0]]]);
  });

  test("a file that says which ids a campaign has says what moves on days of other files", async () => {
    const september = "2026年9月1日 - 2026年9月30日";
    await take(exported(whole, ["入院,古い名前,学習,10,3,300"], september), yen);
    const heading = "キーワード ID,キャンペーン ID,広告グループ ID";
    const ids = exported(`${heading},${whole}`, ["7,11,21,入院,新しい名前,学習,10,2,200"]);
    await take(ids, yen);
    const renamed = exported(`${heading},${whole}`, ["7,11,21,入院,古い名前,学習,10,4,400"], "2026年11月1日");
    const { changes } = await take(renamed, yen);
    const total = (side: "before" | "after") =>
      (changes?.outside ?? []).reduce((sum, one) => sum + one[side].clicks, 0);
    expect(changes?.outside.length).toBeGreaterThan(0);
    expect([total("before"), total("after")]).toEqual([5, 5]);
  });

  test("a sum whose every day is known only checks them, and says where they differ beyond rounding", async () => {
    const range = "2026年10月1日 - 2026年10月2日";
    await take(exported(days, [day("2026-10-01", 1), day("2026-10-02", 2)], range), yen);
    await take(exported(whole, ["入院,岡山,学習,21,3,201"], range), { ...yen, name: "sum.csv" });
    expect(await spend()).toEqual([
      ["2026-10-01", 1],
      ["2026-10-02", 2],
    ]);
    const october = { from: "2026-10-01", to: "2026-10-31" };
    expect((await spendIn(october)).notes).toHaveLength(1); // only that the files are for two days
    await take(exported(whole, ["入院,岡山,学習,25,4,260"], range), { ...yen, name: "newer.csv" });
    expect((await spendIn(october)).notes.at(-1)).toContain(
      "「newer.csv」（2026年10月1日〜2026年10月2日 の合計）は、日別のファイルの合計と違います（差: クリック 1、費用 60 JPY）",
    );
  });

  test("a sum that says less than the days inside it is told, though it counts nothing more", async () => {
    await take(exported(days, [day("2026-10-01", 4), day("2026-10-02", 3)]), yen);
    await take(exported(whole, ["入院,岡山,学習,30,5,300"]), { ...yen, name: "sum.csv" });
    expect(await spend()).toEqual([
      ["2026-10-01", 4],
      ["2026-10-01..2026-10-31", 0],
      ["2026-10-02", 3],
    ]);
    const told = async () => (await spendIn({ from: "2026-10-01", to: "2026-10-31" })).notes;
    expect(await told()).toEqual([expect.stringContaining("日別のファイルの合計と違います（差: クリック -2、")]);
    // Beside a sum that overlaps it in part, it is counted by another way.
    await take(exported(whole, ["入院,岡山,学習,90,9,900"], "2026年10月31日 - 2026年12月31日"), yen);
    expect(await told()).toEqual([expect.stringContaining("日別のファイルの合計と違います（差: クリック -2、")]);
  });

  test("of sums that overlap in part the shorter counts, and the other is told", async () => {
    await take(exported(whole, ["入院,岡山,学習,10,1,100"]), { ...yen, name: "october.csv" });
    const later = exported(whole, ["入院,岡山,学習,90,9,900"], "2026年10月31日 - 2026年12月31日");
    expect((await take(later, { ...yen, name: "later.csv" })).refusal).toBeUndefined();
    expect(await spend()).toEqual([["2026-10-01..2026-10-31", 1]]);
    const { leftOut } = await spendIn({ from: "2026-10-01", to: "2026-12-31" });
    expect(leftOut).toEqual([
      expect.stringContaining("「later.csv」の 2026年10月31日〜2026年12月31日 の合計は、ほかの"),
    ]);
  });

  test("two files of one period, one a campaign, are added up", async () => {
    await take(exported(whole, ["入院,岡山,学習,10,1,2000"]), yen);
    await take(exported(whole, ["入院,倉敷,学習,10,1,6000"]), yen);
    expect((await spendIn({ from: "2026-10-01", to: "2026-10-31" })).lines.map(({ cost }) => cost)).toEqual([
      6_000_000_000n,
      2_000_000_000n,
    ]);
  });

  test("sums beyond a hundred million are no zero", async () => {
    const rows = ["入院,岡山,学習,10,1,60000000", "学校,岡山,学習,10,1,60000000"];
    await take(exported(whole, rows), yen);
    const report = await reportKeywordsCommand({ from: "2026-10-01", to: "2026-10-31" });
    expect(report.costs).toMatchObject([{ currency: "JPY", cost: "120000000" }]);
  });

  test("an undone import counts nothing, keeps its row, and its file may come again", async () => {
    const october = exported(whole, ["入院,岡山,学習,100,10,1000"]);
    const daily = exported(days, [day("2026-10-01", 4)]);
    await take(october, yen);
    const { id = "" } = await take(daily, yen);
    expect(await spend()).toEqual([
      ["2026-10-01", 4],
      ["2026-10-01..2026-10-31", 6],
    ]);
    expect((await undoImport(null, id)).changes).toEqual({ inside: [], outside: [] }); // the month says as much without its day
    expect(await spend()).toEqual([["2026-10-01..2026-10-31", 10]]);
    expect(await trailOf(id)).toMatchObject([{ action: "import" }, { action: "undo" }]);
    await expect(undoImport(null, id)).rejects.toThrow("すでに取り消されています");
    await expect(undoImport(null, "x")).rejects.toThrow(NotFound);
    expect((await take(daily, yen)).refusal).toBeUndefined();
    expect((await listImports({ withUndone: true })).map(({ undoneAt }) => undoneAt !== undefined)).toEqual([
      false,
      true,
      false,
    ]);
    expect(await listImports()).toHaveLength(2);
    for (const one of await listImports()) await undoImport(null, one.id);
    for (const table of [bids, adSpend, spendMonths, spendSpans]) expect(await db.$count(table)).toBe(0);
  });

  test("an undone sum with ids takes with it what it said of a bid without", async () => {
    await take(exported(days, [day("2026-10-01", 2)]), yen);
    const heading = "キーワード ID,キャンペーン ID,広告グループ ID";
    const sum = exported(`${heading},${whole}`, ["7,11,21,入院,岡山,学習,10,3,300"], "2026年10月1日 - 2026年10月2日");
    const { id = "" } = await take(sum, yen);
    expect(await spend()).toHaveLength(2);
    await undoImport(null, id);
    expect(await spend()).toEqual([["2026-10-01", 2]]);
  });

  test("a dry run says all that an import says, and leaves nothing", async () => {
    const text = exported(days, [day("2026-10-01", 1)]);
    const [tried] = await importAds([{ name: "a.csv", bytes: Buffer.from(text) }], { ...yen, dryRun: true });
    expect(await rowCounts()).toEqual(before);
    const { id, ...done } = await take(text, { ...yen, name: "a.csv" });
    expect(id).toBeDefined();
    expect(tried).toEqual(done);
  });

  test("a new account beside others of its platform and currency is doubted: it may be one of them", async () => {
    const other = (range: string, account: string, currency = "JPY") =>
      take(exported(whole, ["入院,岡山,学習,10,1,100"], range), { account, currency });
    expect((await other("2026年1月1日", "検索")).otherAccounts).toEqual([]);
    await other("2026年2月1日", "ドル", "USD");
    const yahoo = "キーワード,キャンペーン名,広告グループ名,インプレッション数,クリック数,コスト";
    await take(exported(yahoo, ["入院,岡山,学習,10,1,100"], "2026年3月1日"));
    const again = await other("2026年4月1日", "検索広告");
    expect(again.otherAccounts).toEqual(["検索"]);
    expect(accountDoubt(plainOf(again))).toContain("これまでに取り込んだ「検索」と同じ広告の");
    expect(accountDoubt(plainOf(await other("2026年5月1日", "検索")))).toBeUndefined();
  });

  test("names keep neither controls nor marks that turn the direction of text around", async () => {
    await take(exported(whole, ["入\u202e院,\u2067岡山,学\u0007習,10,1,100"]), yen);
    expect(await db.select().from(bids)).toMatchObject([{ keyword: "入院", campaign: "岡山", adGroup: "学習" }]);
  });

  test("an account keeps its time zone and its platform", async () => {
    await take(exported(whole, ["入院,岡山,学習,10,1,100"]), { ...yen, timeZone: "America/New_York" });
    const november = exported(whole, ["入院,岡山,学習,10,1,100"], "2026年11月1日 - 2026年11月30日");
    expect(await take(november, yen)).toMatchObject({ timeZone: "America/New_York" });
    expect((await take(exported(whole, [], "2026年1月1日"), { ...yen, timeZone: "Tokyo!" })).refusal).toContain(
      "タイムゾーン",
    );
    const yahoo = exported("キーワード,キャンペーン名,広告グループ名,インプレッション数,クリック数,コスト", [
      "入院,岡山,学習,10,1,100",
    ]);
    expect((await take(yahoo, yen)).refusal).toContain("これまでGoogle 広告でした");
    expect(await take(yahoo)).toMatchObject({ account: "Yahoo! 広告（JPY）", currency: "JPY", platform: "yahoo" });
  });

  test("other accounts, other reports and other months are left alone", async () => {
    const text = (clicks: number, range?: string) => exported(whole, [`入院,岡山,学習,10,${clicks},100`], range);
    await take(text(1), yen);
    await take(text(2), { ...yen, account: "別" });
    await take(text(3, "2026年11月1日 - 2026年11月30日"), yen);
    await take(readFileSync(join(files, "ja_search_terms_daily_utf8.csv"), "utf8"), { account: "検索" });
    expect((await spend()).map(([, clicks]) => clicks).toSorted()).toEqual([1, 2, 3]);
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
        id: expect.any(String),
        report: "keywords",
        account: "助成",
        currency: "USD",
        timeZone: "Asia/Tokyo",
        isNewAccount: true,
        otherAccounts: [],
        period: { from: "2026-10-01", to: "2026-10-31" },
        granularity: "sum",
        rows: 2,
        sums: { impressions: 10, clicks: 1, cost: "1.20" },
        totals: {
          "Your keywords": { impressions: 10, clicks: 1, cost: "1.20" },
          "AI Max expanded matches": { impressions: 0, clicks: 0, cost: "0.00" },
          Account: { impressions: 10_708, clicks: 54, cost: "164.11" },
        },
        remainder: { of: "Account", impressions: 10_698, clicks: 53, cost: "162.91" },
        coverage: 1.9,
        changes: [
          {
            campaign: "Grants",
            before: { impressions: 0, clicks: 0, cost: "0.00" },
            after: { impressions: 10, clicks: 1, cost: "1.20" },
          },
        ],
        changesOutside: [],
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

  test("a terminal shows on one line how far an import is, a log each step", async () => {
    const shown = async (isTTY: boolean) => {
      let text = "";
      const { onProgress, end } = progressOn({ isTTY, write: (part) => (text += part) });
      const rows = Array.from({ length: 2001 }, (_, n) => `語${n},岡山,学習,1,1,1`);
      await importAds([{ name: "a.csv", bytes: Buffer.from(exported(whole, rows)) }], {
        ...yen,
        onProgress,
        dryRun: true,
      });
      end();
      return text;
    };
    const steps = [
      "ほかの取り込みが終わるのを待っています（0 行）",
      "行を読んでいます（0 行）",
      "数え直しています（2001 行）",
    ];
    expect(await shown(false)).toBe(steps.map((step) => `${step}\n`).join(""));
    const onTerminal = await shown(true);
    expect(onTerminal).not.toContain("\n");
    expect(onTerminal.endsWith("数え直しています（2001 行）\r\u001b[K")).toBe(true);
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

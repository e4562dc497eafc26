import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { csvCell } from "#analytics/csv.ts";
import { keywordReport, type KeywordReport } from "#analytics/keywords/report.ts";
import { exportKeywords } from "#analytics/report-view/export.ts";
import { viewFromInput } from "#analytics/report-view/view.ts";
import { db } from "#db/client.ts";
import { adImports } from "#db/schema/attribution.ts";
import { auditEvents, staff } from "#db/schema/staff.ts";
import { role, type Role } from "#db/terms/staff.ts";
import { analyst, empty, exported, landed, take, wrote } from "../fixtures.ts";

const october = { from: "2026-10-01", to: "2026-10-31" };
const report = (period = october) => keywordReport(analyst, period);
const headings = "キーワード ID,キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用";

/** The table as people see it. */
const table = ({ rows }: KeywordReport) =>
  rows.map((r) => [
    [r.campaign, r.adGroup, r.keyword, r.matchType].filter(Boolean).join(" | "),
    r.impressions ?? "-",
    r.adClicks ?? "-",
    r.landings,
    r.downloads,
    r.consultations,
    r.cost ? `${r.cost} ${r.currency}` : "-",
    r.costPerConsultation ?? "-",
  ]);

beforeAll(() => db.insert(staff).values(analyst));
beforeEach(empty);

test("a month, from two accounts to the whole table", async () => {
  const keywordRows = [
    '1,"""長期療養 子ども 勉強""",岡山,学習支援,"1,200",40,JPY,"6,000"',
    "2,[院内学級],岡山,院内学級,300,10,JPY,1500",
    "3,入院 きょうだい,岡山,きょうだい,90,0,JPY,0",
    "合計: アカウント,,,,9999,99,JPY,99999",
  ];
  await take(exported(headings, keywordRows), { account: "検索" });
  await take(exported(headings, ['9,"""long stay""",Grants,Study,10,1,USD,1.20']), { account: "助成" });

  const study = { targetId: "kwd-1", keyword: "長期療養 子ども 勉強", matchType: "phrase" } as const;
  const first = await landed("2026-10-02", study);
  await landed("2026-10-03", { ...study, targetId: "aud-77:kwd-1" });
  const school = await landed("2026-10-03", { targetId: "kwd-2:loc-1009461", keyword: "院内学級" });
  const abroad = await landed("2026-10-04", { targetId: "kwd-9", keyword: "long stay" });
  const unlisted = await landed("2026-10-05", { campaignId: "55", targetId: "kwd-8", keyword: "小児がん 学校" });
  await landed("2026-10-05", { keyword: "小児がん　学校", targetId: "kwd-8", campaignId: "55" });
  await landed("2026-10-06", { keywordMissing: "literal" });
  await landed("2026-10-06", { extras: { gad_source: "1" } });
  await landed("2026-10-06", { ...study, crawler: true });
  await wrote("2026-10-02", first, "download");
  await wrote("2026-10-09", first);
  await wrote("2026-10-10", first);
  await wrote("2026-10-10", school, "consultation", 2);
  await wrote("2026-10-11", abroad, "subscription");
  await wrote("2026-10-11", unlisted, "download");
  await wrote("2026-10-12", null);
  await wrote("2026-10-12", null, "download");

  const found = await report();
  expect(table(found)).toEqual([
    ["岡山 | 学習支援 | 長期療養 子ども 勉強 | phrase", 1200, 40, 2, 1, 2, "6000 JPY", "3000"],
    ["岡山 | 院内学級 | 院内学級 | exact", 300, 10, 1, 0, 1, "1500 JPY", "-"],
    ["ID 55 | 小児がん 学校", "-", "-", 2, 1, 0, "-", "-"],
    ["Grants | Study | long stay | phrase", 10, 1, 1, 0, 0, "1.20 USD", "-"],
    ["岡山 | きょうだい | 入院 きょうだい", 90, 0, 0, 0, 0, "0 JPY", "-"],
    ["キーワードの情報なし", "-", "-", 1, 0, 0, "-", "-"],
    ["広告側の設定もれ", "-", "-", 1, 0, 0, "-", "-"],
    ["広告以外・不明", "-", "-", 0, 1, 1, "-", "-"],
  ]);
  expect(found.totals).toEqual({
    impressions: 1600,
    adClicks: 51,
    landings: 8,
    formsOpened: 0,
    downloads: 3,
    subscriptions: 1,
    consultations: 4,
    doubtful: 1,
    people: 2,
    firstConsultations: 4,
  });
  expect(found.costs).toEqual([
    { currency: "JPY", cost: "7500", consultations: 3, doubtful: 1, costPerConsultation: "3750" },
    { currency: "USD", cost: "1.20", consultations: 0, doubtful: 0 },
  ]);
  expect(found.rates).toEqual({ clicked: 3.2, wrote: 12.5 });
  expect(found.notes).toEqual([]);
  expect(found.leftOut).toEqual([]);
});

test("days are Tokyo's: the minute before midnight belongs to the day before", async () => {
  await landed("2026-09-30T14:59:59Z", { keyword: "前日" });
  const click = await landed("2026-09-30T15:00:00Z", { keyword: "初日" });
  await landed("2026-10-31T14:59:59Z", { keyword: "末日" });
  await landed("2026-10-31T15:00:00Z", { keyword: "翌日" });
  await wrote("2026-10-31T15:00:00Z", click);
  expect((await report()).rows.map((row) => [row.keyword, row.landings, row.consultations])).toEqual([
    ["初日", 1, 0],
    ["末日", 1, 0],
  ]);
});

test("a lead counts on its own day, for the keyword that was clicked before the period began", async () => {
  await take(exported(headings, ["1,入院,岡山,学習,10,1,JPY,100"]));
  const click = await landed("2026-09-15", { targetId: "kwd-1", keyword: "入院" });
  await wrote("2026-10-02", click);
  expect(table(await report())).toEqual([["岡山 | 学習 | 入院", 10, 1, 0, 0, 1, "100 JPY", "100"]]);
});

describe("joining cost and landings", () => {
  const two = ["7,[入院],岡山,学習,10,1,JPY,100", "7,[入院],岡山,医療,20,2,JPY,200"];
  const withIds =
    "キーワード ID,キーワード,キャンペーン,キャンペーン ID,広告グループ,広告グループ ID,表示回数,クリック数,通貨コード,費用";

  test("one keyword id in two ad groups known by name alone: the landing belongs to neither", async () => {
    await take(exported(headings, two));
    await landed("2026-10-02", { targetId: "kwd-7", adGroupId: "22", keyword: "入院", matchType: "exact" });
    const found = await report();
    expect(table(found)).toEqual([
      ["岡山 | 入院 | exact", "-", "-", 1, 0, 0, "-", "-"],
      ["岡山 | 医療 | 入院 | exact", 20, 2, 0, 0, 0, "200 JPY", "-"],
      ["岡山 | 学習 | 入院 | exact", 10, 1, 0, 0, 0, "100 JPY", "-"],
    ]);
    expect(found.rows[0]?.note).toBe("広告グループを特定できません（岡山／医療、岡山／学習のどれか）。");
  });

  test("the ad group id settles it where the export has it", async () => {
    await take(exported(withIds, ["7,[入院],岡山,1,学習,21,10,1,JPY,100", "7,[入院],岡山,1,医療,22,20,2,JPY,200"]));
    await landed("2026-10-02", { targetId: "kwd-7", adGroupId: "22", keyword: "入院" });
    const click = await landed("2026-10-02", { targetId: "kwd-7", adGroupId: "21", campaignId: "1" });
    await wrote("2026-10-03", click);
    expect(table(await report()).map((row) => [row[0], row[3], row[5]])).toEqual([
      ["岡山 | 学習 | 入院 | exact", 1, 1],
      ["岡山 | 医療 | 入院 | exact", 1, 0],
    ]);
  });

  test("the same keyword in an ad group that the export does not hold is not that keyword's landing", async () => {
    await take(exported(withIds, ["7,[入院],岡山,1,学習,21,10,1,JPY,100"]));
    await landed("2026-10-02", { targetId: "kwd-7", adGroupId: "99", keyword: "入院" });
    await landed("2026-10-02", { targetId: "kwd-7", campaignId: "3", keyword: "入院" });
    expect((await report()).rows.map((row) => [row.kind, row.landings])).toEqual([
      ["unlisted", 1],
      ["unlisted", 1],
      ["keyword", 0],
    ]);
  });

  test("without ids: by campaign and match type, else only where the text is nowhere else", async () => {
    const plain = "キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用";
    const rows = [
      "[入院],岡山,学習,10,1,JPY,100",
      '"""入院""",岡山,学習,20,2,JPY,200',
      "[入院],倉敷,学習,30,3,JPY,300",
    ];
    await take(exported(plain, [...rows, "[院内学級],岡山,学習,40,4,JPY,400"]));
    await landed("2026-10-01", { keyword: "入院", matchType: "exact", utmCampaign: "倉敷" });
    await landed("2026-10-01", { keyword: "入院", matchType: "phrase" });
    await landed("2026-10-01", { keyword: "院内学級" });
    await landed("2026-10-01", { keyword: "入院", matchType: "exact" });
    await landed("2026-10-01", { keyword: "院内学級", matchType: "broad" });
    expect(table(await report()).map((row) => [row[0], row[1], row[3]])).toEqual([
      ["岡山 | 学習 | 院内学級 | exact", 40, 1],
      ["倉敷 | 学習 | 入院 | exact", 30, 1],
      ["岡山 | 学習 | 入院 | phrase", 20, 1],
      ["入院 | exact", "-", 1],
      ["院内学級 | broad", "-", 1],
      ["岡山 | 学習 | 入院 | exact", 10, 0],
    ]);
  });

  test("a click of Yahoo! or Microsoft never takes Google's cost", async () => {
    await take(exported(headings, ["7,[入院],岡山,学習,10,1,JPY,100"]));
    await landed("2026-10-02", { clickKey: "yclid:1", keyword: "入院", matchType: "exact" });
    await landed("2026-10-02", { clickKey: "msclkid:1", keyword: "入院", matchType: "exact" });
    expect((await report()).rows.map((row) => [row.kind, row.landings, row.note?.slice(0, 6)])).toEqual([
      ["unlisted", 1, "Micros"],
      ["unlisted", 1, "Yahoo!"],
      ["keyword", 0, undefined],
    ]);
  });

  test("auto-tagging's campaign stands in for ours", async () => {
    await take(exported(withIds, ["7,[入院],岡山,1,学習,21,10,1,JPY,100", "7,[入院],倉敷,2,学習,31,20,2,JPY,200"]));
    await landed("2026-10-02", { extras: { gad_campaignid: "2" }, targetId: "kwd-7", keyword: "入院" });
    expect(table(await report())[0]?.slice(0, 4)).toEqual(["倉敷 | 学習 | 入院 | exact", 20, 2, 1]);
  });

  test("one export with ids and one without speak of one keyword", async () => {
    const plain = "キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用";
    await take(exported(withIds, ["7,[入院],岡山,1,学習,21,10,1,JPY,100"], "2026年10月1日 - 2026年10月15日"));
    await take(exported(plain, ["[入院],岡山,学習,5,1,JPY,50"], "2026年10月16日 - 2026年10月31日"));
    await landed("2026-10-20", { targetId: "kwd-7", adGroupId: "21", keyword: "入院" });
    expect(table(await report())).toEqual([["岡山 | 学習 | 入院 | exact", 15, 2, 1, 0, 0, "150 JPY", "-"]]);
  });
});

describe("which cost counts", () => {
  const sample = readFileSync(new URL("../files/ja_search_terms_daily_utf8.csv", import.meta.url), "utf8");

  test("search terms serve by keyword where there is no keyword report, and say how much they cover", async () => {
    await take(sample, { account: "検索", name: "terms.csv" });
    const found = await report();
    expect(table(found).map((row) => [row[0], row[1], row[2], row[6]])).toEqual([
      ["岡山_検索 | 学習支援 | 入院 子ども 勉強 | broad", 1204, 9, "1431 JPY"],
      ["岡山_検索 | 学習支援 | 長期療養 子ども 勉強 | phrase", 12, 2, "96 JPY"],
      ["岡山_検索 | 院内学級 | 院内学級 | exact", 40, 0, "0 JPY"],
    ]);
    expect(found.costs).toEqual([{ currency: "JPY", cost: "1527", consultations: 0, doubtful: 0 }]);
    expect(found.notes).toEqual([
      "アカウント「検索」にはキーワードのレポートがないため、検索語句のレポートをキーワードごとに足しました。表示されない検索語句の分は含まれません（「terms.csv」クリックの18.0%（11 / 61））。",
    ]);
  });

  test("one id for two texts: the text says which, and without it nothing does", async () => {
    await take(sample);
    await landed("2026-10-02", { targetId: "kwd-311000000001", keyword: "入院 子ども 勉強", matchType: "broad" });
    await landed("2026-10-02", { targetId: "kwd-311000000001" });
    const found = await report();
    expect(found.rows.slice(0, 2).map((row) => [row.kind, row.keyword, row.landings, row.note])).toEqual([
      ["keyword", "入院 子ども 勉強", 1, undefined],
      ["ambiguous", "ID 311000000001", 1, "同じ広告グループの中の、どのキーワードかを特定できません。"],
    ]);
  });

  test("a keyword report of the account wins over its search terms", async () => {
    await take(sample, { account: "検索" });
    await take(exported(headings, ["1,入院,岡山,学習,10,1,JPY,100"]), { account: "検索" });
    const found = await report();
    expect(found.costs).toEqual([{ currency: "JPY", cost: "100", consultations: 0, doubtful: 0 }]);
    expect(found.notes).toEqual([]);
  });

  test("days are cut to the period; a longer sum is left out whole, and told", async () => {
    await take(sample, { account: "日別" });
    await take(exported(headings, ["1,入院,岡山,学習,10,1,JPY,100"]), { account: "月別", name: "month.csv" });
    const found = await report({ from: "2026-10-02", to: "2026-10-02" });
    expect(table(found)).toEqual([["岡山_検索 | 院内学級 | 院内学級 | exact", 40, 0, 0, 0, 0, "0 JPY", "-"]]);
    expect(found.leftOut).toEqual([
      "「month.csv」は 2026年10月1日〜2026年10月31日 の合計で、期間の一部しか重ならないため数えていません。この期間をすべて含めるか、日別のファイルを取り込んでください。",
    ]);
  });

  test("a report over more days than the files hold says so", async () => {
    await take(exported(headings, ["1,入院,岡山,学習,10,1,JPY,100"]), { account: "検索" });
    expect((await report({ from: "2026-09-01", to: "2026-10-31" })).notes).toEqual([
      "アカウント「検索」の費用は 2026年10月1日〜2026年10月31日 のファイルの分だけです。",
    ]);
  });
});

test("whatever comes, the table adds up to all landings and leads of the period", async () => {
  await take(
    exported(headings, [
      "1,入院,岡山,学習,10,1,JPY,100",
      "1,入院,岡山,医療,10,1,JPY,100",
      "2,学校,岡山,学習,1,1,JPY,9",
    ]),
  );
  const said = fc.record(
    {
      keyword: fc.constantFrom("入院", "学校", "＝1", "他"),
      targetId: fc.constantFrom("kwd-1", "kwd-2", "kwd-3", "dsa-1"),
      matchType: fc.constantFrom("exact", "broad"),
      campaignId: fc.constantFrom("1", "2"),
      crawler: fc.boolean(),
    } as const,
    { requiredKeys: [] },
  );
  const kind = fc.constantFrom("consultation", "download", "none", "alone");
  for (const [click, then] of fc.sample(fc.tuple(said, kind), 150)) {
    const id = await landed("2026-10-09", click);
    if (then !== "none") await wrote("2026-10-09", then === "alone" ? null : id, then === "alone" ? undefined : then);
  }
  const { rows, totals } = await report();
  const count = async (text: string) => Number((await db.execute<{ n: string }>(text))[0]?.n);
  const sum = (field: "landings" | "downloads" | "consultations") => rows.reduce((n, row) => n + row[field], 0);
  expect(sum("landings")).toBe(await count("select count(*) n from clicks where not crawler"));
  expect(sum("downloads")).toBe(await count("select count(*) n from leads where kind = 'download'"));
  expect(sum("consultations")).toBe(await count("select count(*) n from leads where kind = 'consultation'"));
  expect(totals).toMatchObject({ landings: sum("landings"), consultations: sum("consultations") });
});

describe("who may see it, and take it away", () => {
  test.each(Object.keys(role) as Role[])("%s", async (one) => {
    const asked = keywordReport({ ...analyst, role: one }, october);
    if (one === "manager" || one === "analyst") expect((await asked).rows).toEqual([]);
    else await expect(asked).rejects.toThrow("may not");
    const taken = exportKeywords({ ...analyst, role: one }, viewFromInput(october));
    if (one === "manager" || one === "analyst") expect(await taken).toContain("キャンペーン");
    else await expect(taken).rejects.toThrow("may not");
  });

  test("the file opens in Excel as written: mark, CRLF, no formulas, and an audit line for leaving", async () => {
    await take(exported(headings, ['1,"=cmd|""x""","＋岡山,西",@学習,10,1,JPY,100']));
    const csv = await exportKeywords(analyst, viewFromInput(october));
    const lines = [
      "キャンペーン,広告グループ,キーワード,マッチタイプ,表示回数,広告のクリック数,着地数,フォームを開いた数,資料ダウンロード,メール登録,相談,うち要確認,相談の実人数,相談（最初の接点）,費用,通貨,相談1件あたりの費用,1件あたりの下限,1件あたりの上限,相談した割合（%）,割合の下限,割合の上限,備考",
      `"'＋岡山,西",'@学習,"'=cmd|""x""",,10,1,0,0,0,0,0,0,0,0,100,JPY,,,,,,,`,
      "",
    ];
    expect(csv).toBe(`\ufeff${lines.join("\r\n")}`);
    const events = await db.select().from(auditEvents).where(eq(auditEvents.action, "export"));
    expect(events.at(-1)).toMatchObject({
      staffId: analyst.id,
      noun: "keywords",
      detail: { ...october, by: "keyword", rows: 1 },
    });
  });

  test("no cell is a formula, and every cell comes back as it was", () => {
    const text = fc.string({ unit: fc.constantFrom(..."=+-@＝＋－＠\t\r\n,\"' aあ1".split("")), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [cells = []] = parse(`${csvCell(a)},${csvCell(b)}\r\n`, { record_delimiter: "\r\n" }) as string[][];
        for (const [at, was] of [a, b].entries()) {
          expect(cells[at]).not.toMatch(/^[=+\-@＝＋－＠\t]/u);
          expect([was, `'${was}`]).toContain(cells[at]);
        }
      }),
    );
  });
});

test("nothing imported and nobody landed is an empty table", async () => {
  expect(await report()).toMatchObject({ rows: [], costs: [], rates: {}, imports: [] });
  expect(await db.select().from(adImports)).toEqual([]);
});

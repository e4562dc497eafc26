/** A report that strangers filled stays a page to read, and nothing is missing from its sums or its file. */

import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { reportKeywordsCommand } from "#analytics/keywords/command.ts";
import { keywordReport } from "#analytics/keywords/report.ts";
import { exportKeywords } from "#analytics/report-view/export.ts";
import { viewReport } from "#analytics/report-view/read.ts";
import { viewFromInput } from "#analytics/report-view/view.ts";
import { db } from "#db/client.ts";
import { staff } from "#db/schema/staff.ts";
import { get, member, signIn } from "../../api/requests.ts";
import { analyst, exported, landed, take, wrote } from "../fixtures.ts";

const october = { from: "2026-10-01", to: "2026-10-31" };
const strangers = 3000;

beforeAll(async () => {
  await db.insert(staff).values(analyst);
  const bids = Array.from({ length: 300 }, (_, n) => `[療養 ${n}],岡山,学習,10,2,JPY,100`);
  await take(exported("キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用", bids));
  const dollars = Array.from({ length: 20 }, (_, n) => `[stay ${n}],Grants,Study,1,0,USD,1.20`);
  await take(exported("キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用", dollars), {
    account: "B",
  });
  await db.execute(sql`
    insert into clicks (id, path, keyword, utm_campaign, landed_at)
    select gen_random_uuid(), '/', repeat(md5(n::text), 6), repeat(md5('c' || n), 6), '2026-10-05'
    from generate_series(1, ${strangers}) n`);
  await wrote("2026-10-09", await landed("2026-10-05", { keyword: "小児がん 学校" }));
  await wrote("2026-10-09", await landed("2026-10-05", { keyword: "療養 299", matchType: "exact" }));
  await landed("2026-10-06", { keywordMissing: "over_limit" });
});

test("pages hold a hundred rows; what strangers made beyond fifty rows is one sum, and nothing is missing", async () => {
  const { totals, costs } = await keywordReport(analyst, october);
  const first = await viewReport(analyst, viewFromInput(october));
  expect(first.shown.rows.slice(0, 2).map(({ name }) => name)).toEqual(["療養 299", "小児がん 学校"]);
  expect(first.shown).toMatchObject({ page: 1, pages: 4 });
  expect(first.shown.rest).toMatchObject({ rows: strangers + 1 - 50, landings: strangers + 1 - 50, consultations: 0 });
  expect(first.sums).toMatchObject({ rows: 320 + strangers + 2, totals });
  expect(costs.map(({ cost }) => cost)).toEqual(["30000", "24.00"]);
  const rows = [];
  for (const page of ["1", "2", "3", "4"]) {
    const { shown } = await viewReport(analyst, viewFromInput({ ...october, page }));
    expect(shown.rows).toHaveLength(page === "4" ? 371 - 300 : 100);
    rows.push(...shown.rows);
  }
  expect(new Set(rows.map(({ key }) => key)).size).toBe(371);
  for (const field of ["landings", "downloads", "consultations"] as const) {
    const shown = rows.reduce((sum, row) => sum + row[field], 0);
    expect([field, shown + (first.shown.rest?.[field] ?? 0)]).toEqual([field, totals[field]]);
  }
});

test("a folded row is found by its name, and no other order brings folded ones back", async () => {
  const sorted = await viewReport(analyst, viewFromInput({ ...october, sort: "name", dir: "desc" }));
  expect(sorted.shown.rest?.rows).toBe(strangers + 1 - 50);
  // By name it comes after all of the strangers' words, of which only fifty are shown.
  const asked = [];
  for (const page of ["1", "2", "3", "4"]) {
    const { shown } = await viewReport(analyst, viewFromInput({ ...october, sort: "name", page }));
    asked.push(...shown.rows.filter(({ name }) => name === "小児がん 学校"));
  }
  expect(asked).toHaveLength(1);
  const hash = "eccbc87e4b5ce2fe28308fd9f2a7baf3"; // md5 of "3"
  const found = await viewReport(analyst, viewFromInput({ ...october, q: hash }));
  expect(found.shown.rows.map(({ name }) => name)).toEqual([hash.repeat(6)]);
  expect(found.shown.rest).toBeUndefined();
  expect(found.foundSums?.totals.landings).toBe(1);
});

test("the file for spreadsheets and the one for scripts hold every line", async () => {
  const csv = await exportKeywords(analyst, viewFromInput(october));
  expect(csv.trimEnd().split("\r\n")).toHaveLength(1 + 320 + strangers + 2);
  const report = await reportKeywordsCommand(october);
  expect(report.rows).toHaveLength(320 + strangers + 2);
});

test("the page stays small, and says how much it does not show", async () => {
  const cookie = await signIn(await member("analyst"));
  const html = await (await get("/staff/keywords?from=2026-10-01&to=2026-10-31", { cookie })).text();
  expect(html).toContain(`ほか ${(strangers + 1 - 50).toLocaleString("en")} 行`);
  expect(html).toContain("371 行");
  expect(Buffer.byteLength(html)).toBeLessThan(300_000);
  // Words without a blank are cut here and whole in the file.
  expect(html.match(/[0-9a-f]{100,}/u)?.[0]).toBeUndefined();
});

test("campaigns that a stranger invents, without a keyword, are one line of one group", async () => {
  const { rows: before } = await keywordReport(analyst, october);
  for (let n = 0; n < 5; n++)
    await landed("2026-10-07", { campaignId: `9${n}`, adGroupId: `8${n}`, utmContent: `x${n}` });
  const { rows } = await keywordReport(analyst, october);
  expect(rows).toHaveLength(before.length + 1);
  expect(rows.find(({ keyword }) => keyword === "キーワードの情報なし")?.landings).toBe(5);
});

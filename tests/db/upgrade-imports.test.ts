/** Cost imported by the release before counts the same after the upgrade, and goes on from there. */

import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importAds } from "#analytics/imports/import.ts";
import { undoImport } from "#analytics/imports/undo.ts";
import { listImports } from "#analytics/spend/imports.ts";
import { mergeEqualLines } from "#analytics/spend/join.ts";
import { spendIn } from "#analytics/spend/spend.ts";
import { connect, disconnect } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { newId } from "#db/random/ids.ts";
import { type OlderRelease, openOlderRelease } from "./older-release.ts";

let release: OlderRelease;
beforeAll(async () => {
  release = await openOlderRelease("20261127204220_drafts");
});
afterAll(() => release.drop());

/** A file as the release before kept it; each line: days, campaign and its id, keyword and its id, clicks, cost. */
async function oldImport(
  name: string,
  report: "keywords" | "search_terms",
  account: string,
  lines: [
    from: string,
    to: string,
    campaign: string,
    campaignId: string | null,
    keyword: string,
    keywordId: string | null,
    clicks: number,
    cost: string,
  ][],
): Promise<string> {
  const id = newId();
  const days = lines.flatMap(([from, to]) => [from, to]).sort();
  await release.owner.execute(sql`
    insert into ad_imports (id, file_hash, file_name, report, account, currency, period_from, period_to, totals)
    values (${id}, ${name}, ${name}, ${report}, ${account}, 'JPY', ${days[0]}, ${days.at(-1)}, '{}')`);
  const isTerms = report === "search_terms";
  for (const [from, to, campaign, campaignId, keyword, keywordId, clicks, cost] of lines)
    await release.owner.execute(sql`
      insert into ${sql.raw(report === "keywords" ? "ad_spend" : "search_terms")} (import_id, date_from, date_to, campaign_id,
        campaign, ad_group, keyword_id, keyword, match_type, impressions, clicks, cost, conversions ${isTerms ? sql`, term` : sql``})
      values (${id}, ${from}, ${to}, ${campaignId}, ${campaign}, '学習', ${keywordId}, ${keyword}, 'exact', 10, ${clicks},
        ${cost}, 0 ${isTerms ? sql`, 'とは'` : sql``})`);
  return id;
}

const october = { from: "2026-10-01", to: "2026-10-31" };
const figures = async (period = october) =>
  (await mergeEqualLines((await spendIn(period)).lines)).map(
    (l) => `${l.account} ${l.campaignId ?? ""} ${l.campaign} ${l.keywordId ?? ""} ${l.keyword} ${l.clicks} ${l.cost}`,
  );

test("days, sums, search terms and spellings of one keyword", async () => {
  await oldImport("days", "keywords", "検索", [
    ["2026-10-01", "2026-10-01", "岡山", "11", "入院", "7", 1, "100"],
    ["2026-10-02", "2026-10-02", "岡山", "11", "入院", "7", 2, "98765432.5"],
    ["2026-09-30", "2026-09-30", "岡山", "11", "入院", "7", 50, "1"],
  ]);
  const undone = await oldImport("more", "keywords", "検索", [
    ["2026-10-03", "2026-10-03", "岡山", null, "ＡＢＣ", null, 4, "10"],
    ["2026-10-04", "2026-10-04", "岡山", null, "入院", null, 8, "20"],
  ]);
  await oldImport("sum", "keywords", "月別", [["2026-10-01", "2026-10-31", "倉敷", null, "学校", null, 16, "30"]]);
  await oldImport("terms", "search_terms", "検索", [
    ["2026-10-01", "2026-10-01", "岡山", null, "入院", null, 99, "999"],
  ]);
  await oldImport("only", "search_terms", "語句", [["2026-10-05", "2026-10-05", "岡山", null, "入院", null, 32, "40"]]);
  await disconnect(release.owner);
  await migrate(release.url);
  await disconnect();
  connect(release.url);

  const expected = [
    "月別  倉敷  学校 16 30000000",
    "検索 11 岡山  ＡＢＣ 4 10000000",
    "検索 11 岡山 7 入院 11 98765552500000",
    "語句  岡山  入院 32 40000000",
  ];
  expect((await figures()).toSorted()).toEqual(expected);
  expect((await listImports()).map((i) => [i.file, i.rows, i.sums.clicks, i.granularity])).toEqual([
    ["only", 1, 32, "day"],
    ["terms", 1, 99, "day"],
    ["sum", 1, 16, "sum"],
    ["more", 2, 12, "day"],
    ["days", 3, 53, "day"],
  ]);
  // The first import brings the old spellings together for good, and knows the same bid when it sees it again.
  const text =
    "r\n2026年11月1日\n日,キーワード,マッチタイプ,キャンペーン,広告グループ,表示回数,クリック数,費用\n2026-11-01,abc,完全一致,岡山,学習,1,1,1";
  const options = { account: "検索", currency: "JPY" };
  expect((await importAds([{ name: "new.csv", bytes: Buffer.from(text) }], options))[0]?.refusal).toBeUndefined();
  expect((await figures()).toSorted()).toEqual(expected);
  expect(
    (await spendIn({ from: "2026-10-01", to: "2026-11-30" })).lines.map((l) => `${l.keyword} ${l.clicks}`),
  ).toEqual(["学校 16", "入院 11", "ＡＢＣ 5", "入院 32"]);
  await undoImport(null, undone);
  expect(await figures()).toContain("検索 11 岡山 7 入院 3 98765532500000");
});

/** Words that no import knows: a household's are kept, a stranger's thousandth is not, and nothing listed is lost. */

import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { maxUnlisted, readBids } from "#analytics/clicks/listed-keywords.ts";
import { recordClick } from "#analytics/clicks/record.ts";
import { keywordReport } from "#analytics/keywords/report.ts";
import { deleteExpired } from "#api/privacy/retention.ts";
import { db } from "#db/client.ts";
import { clicks } from "#db/schema/attribution.ts";
import { visits } from "#db/schema/landings.ts";
import { rateWindows } from "#db/schema/rate-limits.ts";
import { staff } from "#db/schema/staff.ts";
import { get } from "../../api/requests.ts";
import { analyst, empty, exported, take } from "../fixtures.ts";

const family = "198.51.100.7";
const morning = new Date("2026-10-05T09:00:00+09:00");
const headings =
  "キーワード ID,キーワード,キャンペーン ID,キャンペーン,広告グループ ID,広告グループ,表示回数,クリック数,通貨コード,費用";

beforeAll(() => db.insert(staff).values(analyst));
beforeEach(async () => {
  await empty();
  await db.delete(rateWindows);
  await db.delete(visits);
  await readBids(new Date());
});

const land = (query: Record<string, string>, network = family, now = morning) =>
  recordClick(new URLSearchParams(query), { path: "/", userAgent: undefined, network, now });

async function landMany(
  count: number,
  queryOf: (n: number) => Record<string, string>,
  network = family,
  now = morning,
) {
  const tokens: (string | undefined)[] = [];
  for (let n = 0; n < count; n++) tokens.push(await land(queryOf(n), network, now));
  return tokens;
}

async function stored() {
  const rows = await db.select().from(clicks);
  const kept = rows.filter(({ keyword }) => keyword !== null);
  return { landings: rows.length, kept: kept.length, words: new Set(kept.map(({ keyword }) => keyword)).size, rows };
}

test("an anonymous visitor with endless random words leaves only so many, and every landing counts", async () => {
  for (let n = 0; n < maxUnlisted + 10; n++) await get(`/?kw=random-${n}&utm_term=random-${n}`, { from: family });
  const { landings, words, rows } = await stored();
  expect([landings, words]).toEqual([maxUnlisted + 10, maxUnlisted]);
  const dropped = rows.filter(({ keyword }) => keyword === null);
  expect(new Set(dropped.map(({ keywordMissing, utmTerm }) => `${keywordMissing} ${utmTerm}`))).toEqual(
    new Set(["over_limit null"]),
  );
  await get("/?kw=someone-else", { from: "198.51.100.8" });
  expect((await stored()).words).toBe(maxUnlisted + 1);
});

test("whoever comes beyond the limit has a token all the same, and a word of before stays known", async () => {
  const tokens = await landMany(maxUnlisted + 5, (n) => ({ kw: `ことば ${n}` }));
  expect(tokens.filter((token) => token !== undefined)).toHaveLength(maxUnlisted + 5);
  await land({ kw: "ことば 3" });
  await land({ kw: "ことば　3" });
  expect(await stored()).toMatchObject({ landings: maxUnlisted + 6, kept: maxUnlisted + 1 });
});

test("of many that come in one moment, no more are kept, and each network has its own limit", async () => {
  await landMany(10, (n) => ({ kw: `ことば ${n}` }));
  const many = Array.from({ length: maxUnlisted + 20 }, (_, n) => ({ kw: `ことば ${n}` }));
  await Promise.all([...many.map((query) => land(query)), ...many.map((query) => land(query, "198.51.100.8"))]);
  expect(await stored()).toMatchObject({ landings: 2 * many.length, kept: 2 * maxUnlisted });
  const counters = await db.select().from(rateWindows);
  expect(counters).toHaveLength(2 * maxUnlisted);
});

test("what an import knows is kept from a shared address, however much comes from it", async () => {
  await take(
    exported(
      headings,
      Array.from({ length: 80 }, (_, n) => `${n},療養 ${n},1,岡山,2,学習,1,1,JPY,1`),
    ),
  );
  await readBids(new Date());
  await landMany(maxUnlisted + 5, (n) => ({ kw: `ことば ${n}` }));
  await landMany(80, (n) => ({ kw: `療養 ${n}`, cid: "1", gid: "2", tid: `kwd-${n}` }));
  const { rows } = await stored();
  expect(rows.filter(({ keyword }) => keyword?.startsWith("療養"))).toHaveLength(80);
});

test("a listed word under invented campaigns is no listed one", async () => {
  await take(exported(headings, ["7,療養,1,岡山,2,学習,1,1,JPY,1"]));
  await readBids(new Date());
  await landMany(maxUnlisted + 5, (n) => ({ kw: "療養", cid: `9${n}` }));
  await landMany(5, (n) => ({ kw: "療養", yclid: `Y${n}`, cid: `8${n}` }));
  await land({ kw: "療養", cid: "1" });
  expect(await stored()).toMatchObject({ landings: maxUnlisted + 11, kept: maxUnlisted + 1 });
  const { rows } = await keywordReport(analyst, { from: "2026-10-01", to: "2026-10-31" });
  expect(rows.filter(({ kind }) => kind === "unlisted")).toHaveLength(maxUnlisted);
  expect(rows.filter(({ kind }) => kind === "missing").map(({ keyword, landings }) => [keyword, landings])).toEqual([
    ["記録しなかったキーワード", 5],
    ["記録しなかったキーワード", 5],
  ]);
});

test("an import is known to a running process without a restart", async () => {
  await take(exported(headings, ["7,療養,1,岡山,2,学習,1,1,JPY,1"]));
  await landMany(maxUnlisted, (n) => ({ kw: `ことば ${n}` }));
  const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);
  let landings = 0;
  await expect
    .poll(async () => {
      await land({ kw: "療養", cid: "1" }, family, later(2 + 2 * landings++));
      return (await stored()).rows.some(({ keyword }) => keyword === "療養");
    })
    .toBe(true);
});

test("the day ends at midnight in Tokyo, and what was counted is swept a day later", async () => {
  await landMany(maxUnlisted + 1, (n) => ({ kw: `ことば ${n}` }));
  await land({ kw: "夜" }, family, new Date("2026-10-05T23:59:59+09:00"));
  expect((await stored()).kept).toBe(maxUnlisted);
  await land({ kw: "朝" }, family, new Date("2026-10-06T00:00:00+09:00"));
  expect((await stored()).kept).toBe(maxUnlisted + 1);
  const [row] = await db.execute<{ text: string }>(sql`select string_agg(scope, ' ') as text from rate_windows`);
  expect(row?.text).not.toMatch(/ことば|198\.51/u);
  await deleteExpired(new Date("2026-10-07T12:00:00+09:00"));
  expect(await db.select().from(rateWindows)).toEqual([]);
});

test("a crawler's landing spends the limit too, or its click id would carry any word past it", async () => {
  const robot = "Mozilla/5.0 (compatible; AdsBot-Google; +http://www.google.com/adsbot.html)";
  for (let n = 0; n < maxUnlisted + 3; n++) {
    const query = new URLSearchParams({ kw: `ことば ${n}`, gclid: `G${n}` });
    await recordClick(query, { path: "/", userAgent: robot, network: family, now: morning });
    await recordClick(query, { path: "/", userAgent: undefined, network: family, now: morning });
  }
  expect(await stored()).toMatchObject({ landings: maxUnlisted + 3, kept: maxUnlisted });
});

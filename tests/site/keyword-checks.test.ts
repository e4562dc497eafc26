/** The page 「広告の設定の点検」 as managers and analysts see it. */

import { beforeAll, expect, test } from "vitest";
import { empty, exported, landed, take } from "../analytics/fixtures.ts";
import { get, member, signIn } from "../api/requests.ts";
import { elements } from "./html.ts";

const period = "?from=2026-10-01&to=2026-10-31";
let cookie: string;
const page = async (query = period) => (await get(`/staff/keywords/checks${query}`, { cookie })).text();

beforeAll(async () => {
  await empty();
  cookie = await signIn(await member("analyst"));
});

test("says that nothing is wrong, and what could not be compared", async () => {
  const html = await page();
  expect(html).toContain("直すところは見つかりませんでした");
  expect(html).toContain("日別の費用のファイルがない");
  expect(elements(html, "table")).toEqual([]);
});

test("shows each fault with its numbers and what to set right; addresses of strangers as text, cut and never a link", async () => {
  const headings =
    "日,キーワード ID,キーワード,キャンペーン,キャンペーン ID,広告グループ,広告グループ ID,表示回数,クリック数,通貨コード,費用";
  await take(exported(headings, ["2026-10-05,1,入院,検索,311,支え,21,900,40,JPY,2000"]), { account: "本部" });
  await landed("2026-10-07", { path: `//evil.example/<b>${"長".repeat(100)}`, campaignId: "311", missingPage: true });
  const html = await page();
  expect(html).not.toContain("直すところは見つかりませんでした");
  expect(html).toContain("クリックに比べて、サイトに届いた人が少ないキャンペーン");
  expect(html).toContain("広告から来たのに、ページがなかった URL");
  expect(html.match(/<bdi>\/\/evil\.example[^<]*<\/bdi>/u)?.[0]).toMatch(/&lt;b&gt;長{10,50}…<\/bdi>$/u);
  const links = elements(html, "a").map(({ href }) => href ?? "");
  expect(links.filter((href) => !/^(?:\/staff|#)/u.test(href))).toEqual([]);
});

test("many days of a campaign are folded", async () => {
  const headings =
    "日,キーワード ID,キーワード,キャンペーン,キャンペーン ID,広告グループ,広告グループ ID,表示回数,クリック数,通貨コード,費用";
  const days = Array.from({ length: 4 }, (_, n) => `2026-10-1${n},1,入院,検索,311,支え,21,900,40,JPY,2000`);
  await take(exported(headings, days, "2026年10月10日 - 2026年10月13日"), { account: "本部" });
  const html = await page();
  expect(html).toContain("その日だけでもそうなった日（5 日）");
  expect(elements(html, "th").filter((th) => th["class"]?.includes("day"))).toEqual([]);
});

test("days that do not exist are answered with 422 and a sentence", async () => {
  const answer = await get("/staff/keywords/checks?from=2026-09-31&to=2026-10-31", { cookie });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain("「2026年9月31日」という日付はありません");
});

test("without days, the last 28", async () => {
  const inputs = elements(await page(""), "input").filter(({ type }) => type === "date");
  const [from = 0, to = 0] = inputs.map(({ value }) => Date.parse(value ?? ""));
  expect((to - from) / 86_400_000).toBe(27);
});

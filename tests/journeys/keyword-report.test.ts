/** The keyword report with hundreds of rows, on a phone and at a desk, without scripts. */

import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { exported, landed, take, wrote } from "../analytics/fixtures.ts";
import { phone } from "../browser.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser } = await startAppAndBrowser();
let page: Page;

beforeAll(async () => {
  const bids = Array.from({ length: 150 }, (_, n) => `${n + 1},療養 ${n},岡山,学習,${n + 10},${n},JPY,${n * 10}`);
  await take(exported("キーワード ID,キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用", bids));
  for (let n = 0; n < 6; n++)
    await wrote("2026-10-09", await landed("2026-10-05", { keyword: "療養 100", targetId: "kwd-101" }));
  page = await signInAs(await browser.newContext({ javaScriptEnabled: false, locale: "ja-JP" }), "analyst");
});

const region = () => page.getByRole("region", { name: "キーワードごとの数と費用" });
const firstNames = async () => (await region().locator("tbody th .long:first-child").allInnerTexts()).slice(0, 3);

test("choosing, sorting, searching and turning the page are links and a form, and the address keeps all of it", async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${app.origin}/staff/keywords`);
  await page.getByLabel("開始日").fill("2026-10-01");
  await page.getByLabel("終了日").fill("2026-10-31");
  await page.getByLabel("くらべる期間").selectOption("前の期間");
  await page.getByRole("button", { name: "表示する" }).click();
  expect(await firstNames()).toEqual(["療養 100", "療養 149", "療養 148"]);
  await region().getByRole("link", { name: "費用" }).click();
  expect(await firstNames()).toEqual(["療養 149", "療養 148", "療養 147"]);
  expect(await region().getByRole("columnheader", { name: "費用" }).getAttribute("aria-sort")).toBe("descending");
  await page.getByRole("link", { name: "次の100行" }).click();
  expect(await firstNames()).toEqual(["療養 49", "療養 48", "療養 47"]);
  expect(await page.getByText("101〜150 行め").count()).toBe(1);
  await region().getByRole("link", { name: "費用" }).click();
  expect(await firstNames()).toEqual(["療養 0", "療養 1", "療養 2"]);
  await page.getByLabel("名前でさがす").fill("療養　14");
  await page.getByRole("button", { name: "表示する" }).click();
  expect(await firstNames()).toEqual(["療養 14", "療養 114", "療養 140"]);
  const address = new URL(page.url()).searchParams;
  expect([address.get("from"), address.get("compare"), address.get("sort"), address.get("dir")]).toEqual([
    ...["2026-10-01", "previous", "cost", "asc"],
  ]);
  const file = await page.getByRole("link", { name: "CSV をダウンロード" }).getAttribute("href");
  expect(new URL(file ?? "", app.origin).searchParams.get("q")).toBe("療養　14");
  await page.getByRole("link", { name: "推移とグラフ" }).click();
  expect(await page.getByLabel("開始日").inputValue()).toBe("2026-10-01");
  expect(await page.getByRole("img", { name: /費用（横）と相談（縦）/u }).count()).toBe(1);
});

describe.each([phone.viewport.width, 1280])("at %i px", (width) => {
  test("the head and the first column stay while the table is scrolled", async () => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${app.origin}/staff/keywords?from=2026-10-01&to=2026-10-31`);
    const box = await region().boundingBox();
    await region().evaluate((element: { scrollTo: (x: number, y: number) => void }) => element.scrollTo(9999, 1500));
    const head = await region().getByRole("columnheader", { name: "相談1件あたり" }).boundingBox();
    const corner = await region().getByRole("columnheader", { name: "キーワード" }).boundingBox();
    const row = await region().getByRole("rowheader").nth(20).boundingBox();
    const near = (a: number | undefined, b: number | undefined) =>
      expect(Math.abs((a ?? 0) - (b ?? 0))).toBeLessThan(3);
    near(head?.y, box?.y);
    near((head?.x ?? 0) + (head?.width ?? 0), (box?.x ?? 0) + (box?.width ?? 0));
    near(corner?.x, box?.x);
    near(corner?.y, box?.y);
    near(row?.x, box?.x);
    expect(row?.width).toBeLessThan(width / 2);
  });
});

/** The first manager makes the product theirs, with a browser alone: from the set-up link to a page of their own. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setUpToken } from "#api/staff/invite.ts";
import { settings } from "#db/settings/settings.ts";
import { totpCode } from "../totp.ts";
import { startAppAndBrowser } from "./setup.ts";

const { app, browser } = await startAppAndBrowser();
let page: Page;
let presses = 0;
beforeAll(async () => {
  const context = await browser.newContext({ locale: "ja-JP", javaScriptEnabled: false });
  page = await context.newPage();
});
afterAll(() => page.context().close());

const press = async (name: string) => {
  presses++;
  await page.getByRole("button", { name, exact: true }).click();
};
const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);
const path = () => new URL(page.url()).pathname;

test("nine answers on three pages, without script: the page beside them shows each once it is saved", async () => {
  await page.goto(`${app.origin}/staff/invitations/${await setUpToken()}`);
  await page.getByLabel("お名前").fill("高橋 花");
  await page.getByLabel("メールアドレス").fill("hana@kaze.jp");
  await page.getByLabel(/パスワード/u).fill("long enough to be a sentence");
  await page.getByRole("button").last().click();
  const secret = (await page.locator("code.secret").textContent()) ?? "";
  await page.getByLabel(/6 けたの数字/u).fill(totpCode(secret));
  await page.getByRole("button", { name: "設定を終える" }).click();
  expect(path()).toBe("/staff/settings/first-run");

  await fill("団体の名前", "髙﨑の家 & なかま");
  await fill("名前の読みかた", "たかさきのいえ");
  await fill("どんな団体か、ひとことで", "長く療養する子どもの家");
  await press("保存して見る");
  expect(await page.frameLocator("iframe").locator("header .home").textContent()).toContain("髙﨑の家 & なかま");
  await press("保存してつぎへ");
  expect(path()).toBe("/staff/settings/first-run/place");
  await page.getByLabel("都道府県").selectOption({ label: "群馬県" });
  await fill("住所", "〒370-0000 群馬県高崎市0-0");
  await fill("電話番号", "０２７−１２３−４５６７");
  await page.getByLabel("おわり", { exact: true }).fill("16:00");
  await press("保存してつぎへ");
  expect(path()).toBe("/staff/settings/first-run/promise");
  await fill("お返事を約束する日数", "２");
  await press("保存して一覧へ");
  expect([path(), presses]).toEqual(["/staff/settings", 4]);
  await page.getByText("すべて答えました。").waitFor();

  expect(settings().given).toMatchObject({ phone: "027-123-4567", reply_days: 2, notify: ["hana@kaze.jp"] });
  await page.goto(app.origin);
  const text = await page.locator("body").innerText();
  for (const words of ["髙﨑の家 & なかま", "027-123-4567", "10:00〜16:00"]) expect(text).toContain(words);
}, 60_000);

test("every page can be left without an answer, and きょう leads back until all are given", async () => {
  await page.goto(`${app.origin}/staff/settings/first-run`);
  for (const next of ["/staff/settings/first-run/place", "/staff/settings/first-run/promise", "/staff/settings"]) {
    await page.getByRole("link", { name: "あとで答える" }).click();
    expect(path()).toBe(next);
  }
});

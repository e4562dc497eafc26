/** A family without mail, and staff: asking, being answered, writing on, all on the site and without JavaScript. */

import { type BrowserContext, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { env } from "#db/env.ts";
import { everything } from "../api/requests.ts";
import { phone } from "../browser.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser, mailServer } = await startAppAndBrowser();

const canary = "カナリヤの最初のことば";
const replied = "カナリヤへのお返事です。";
const added = "カナリヤの書き足しです。";

let family: BrowserContext;
let office: BrowserContext;
let desk: Page;
let reference = "";
let code = "";

/** Everything logged and every address visited. */
const traces: string[] = [];
const { write } = process.stderr;

beforeAll(async () => {
  family = await browser.newContext({ ...phone, javaScriptEnabled: false });
  office = await browser.newContext({ javaScriptEnabled: false, locale: "ja-JP" });
  for (const context of [family, office]) {
    context.setDefaultTimeout(8000);
    context.on("request", (request) => traces.push(request.url()));
  }
  desk = await signInAs(office, "coordinator");
  env.LOG = "json";
  process.stderr.write = ((line: string) => traces.push(line) > 0) as typeof write;
});

afterAll(async () => {
  env.LOG = "off";
  process.stderr.write = write;
});

const main = (page: Page) => page.getByRole("main").innerText();

async function enter(page: Page, given = code): Promise<void> {
  await page.getByLabel(/^受付番号/u).fill(reference.toLowerCase());
  await page.getByLabel(/^受付コード/u).fill(given);
}

test("the receipt shows the code until its last characters are typed", async () => {
  const page = await family.newPage();
  await page.goto(`${app.origin}/consultation`);
  await page.locator("textarea[name=message]").fill(canary);
  await page.locator("input[name=reply_by][value=email]").check();
  await page.locator("input[name=email]").fill("hana@example.jp");
  await page.locator("input[name=consent]").check();
  await page.getByRole("button", { name: "書いたことを確かめる" }).click();
  await page.getByRole("button", { name: "この内容で相談する" }).click();
  const text = await main(page);
  reference = /[2-9A-Z]{4}-[2-9A-Z]{4}/u.exec(text)?.[0] ?? "";
  code = /[2-9A-Z]{4}-[2-9A-Z]{3}-[2-9A-Z]{3}/u.exec(text)?.[0] ?? "";
  expect(text.indexOf(reference)).toBeLessThan(text.indexOf(code));
  await page.getByLabel(/最後の3文字/u).fill("あれ");
  await page.getByRole("button", { name: "控えました" }).click();
  expect(await page.getByRole("alert").innerText()).toContain("最後の3文字がちがうようです");
  expect(await main(page)).toContain(code);
  await page.getByLabel(/最後の3文字/u).fill(code.slice(-3).toLowerCase());
  await page.getByRole("button", { name: "控えました" }).click();
  expect(await main(page)).toContain("コードは、もうこの画面に出ません");
  await page.reload();
  expect(await main(page)).not.toContain(code);
  await page.close();
});

test("staff reply on the case; the mail says only that there is a reply", async () => {
  await desk.goto(`${app.origin}/staff`);
  await desk.getByRole("link", { name: reference }).click();
  await desk.getByLabel("ご家族へのお返事").fill(replied);
  await desk.getByRole("button", { name: "お返事を送る" }).click();
  expect(await main(desk)).toContain("まだ読まれていません");
  expect(await desk.locator(".strip").innerText()).toContain("ご家族待ち");
  const notice = await mailServer.waitFor((message) => message.subject?.includes("お返事を書きました") === true);
  expect(notice.text).toContain(`${app.origin}/consultation/return`);
});

test("the family comes back, reads, writes on, and finds its text again after a slip", async () => {
  const page = await family.newPage();
  await page.goto(`${app.origin}/consultation/return`);
  await enter(page, "2222-222-222");
  await page.getByRole("button", { name: "開く" }).click();
  expect(await page.getByRole("alert").innerText()).toContain("受付番号か受付コードがちがうようです");
  expect(await page.getByLabel(/^受付番号/u).inputValue()).toBe(reference.toLowerCase());
  expect(await page.getByLabel(/^受付コード/u).inputValue()).toBe("");
  await enter(page);
  await page.getByRole("button", { name: "開く" }).click();
  expect(await main(page)).toContain(replied);
  await page.getByRole("button", { name: "送る" }).click();
  expect(await page.getByRole("alert").innerText()).toContain("書き足したいことを入力してください");
  await page.getByLabel(/^書き足したいこと/u).fill(added);
  await page.getByRole("button", { name: "送る" }).click();
  expect(await main(page)).toContain("受け取りました。");
  expect(await main(page)).toContain(added);
  await page.reload();
  expect((await main(page)).split(added)).toHaveLength(2);
  expect(page.url()).toContain(`${app.origin}/consultation/return/kept/`);
  expect(await family.cookies()).toEqual([]);
});

test("staff see that it was read and what was added, and replace a lost code", async () => {
  await mailServer.waitFor((message) => message.subject?.startsWith("書き足しが届きました") === true);
  await desk.goto(`${app.origin}/staff/cases?state=open`);
  const row = desk.getByRole("row").filter({ hasText: reference });
  expect(await row.innerText()).toContain("書き足し");
  await row.getByRole("link").click();
  const text = await main(desk);
  expect(text).toContain(added);
  expect(text).toContain("に読まれました");
  await desk.getByText("受付コードを作り直す（").click();
  await desk.getByRole("checkbox", { name: /本人と確かめました/u }).check();
  await desk.getByRole("button", { name: "受付コードを作り直す" }).click();
  const fresh = (await desk.locator(".code").innerText()).trim();
  const page = await family.newPage();
  await page.goto(`${app.origin}/consultation/return`);
  await enter(page);
  await page.getByRole("button", { name: "開く" }).click();
  expect(await page.getByRole("alert").isVisible()).toBe(true);
  await enter(page, fresh);
  await page.getByRole("button", { name: "開く" }).click();
  expect(await main(page)).toContain(added);
  traces.push(...mailServer.messages.map(({ raw, text, html }) => `${raw} ${text} ${html}`), await everything());
  const all = traces.join("\n");
  expect(all).toContain("/consultation/return");
  const secrets = [code, fresh, code.replaceAll("-", ""), canary, replied, added, encodeURIComponent(canary)];
  expect(secrets.filter((secret) => all.includes(secret))).toEqual([]);
});

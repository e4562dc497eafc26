/** Taking a call in, as somebody does it while talking: without script, on a phone and on a desk, with the keyboard. */

import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { drafts } from "#db/schema/drafts.ts";
import { axeViolations, clippedText, overlappingElements } from "./page-checks.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser } = await startAppAndBrowser();

let page: Page;
/** The same person with script, for axe, which is one. */
let withScript: Page;
beforeAll(async () => {
  const context = await browser.newContext({
    locale: "ja-JP",
    javaScriptEnabled: false,
    viewport: { width: 360, height: 640 },
  });
  page = await signInAs(context, "coordinator");
  page.setDefaultTimeout(10_000);
  const second = await browser.newContext({ locale: "ja-JP", bypassCSP: true });
  await second.addCookies(await context.cookies());
  withScript = await second.newPage();
  withScript.setDefaultTimeout(10_000);
});

const choose = (name: string) => page.getByRole("radio", { name, exact: true }).check();
const press = (name: string) => page.getByRole("button", { name }).filter({ visible: true }).first().click();
const openByMenu = async () => {
  await page.goto(`${app.origin}/staff`);
  await page.locator("details.me summary").click();
  await page.locator("details.me").getByRole("link", { name: "電話を受ける" }).click();
};

test("a call at 360 px without script: looked up, taken in, and held", async () => {
  await openByMenu();
  await page.locator("#phone").fill("086-000-0123");
  await press("前の相談をさがす");
  expect(await page.getByText("この番号の相談は、ほかにありません").count()).toBe(1);
  expect(await page.locator("#phone").inputValue()).toBe("086-000-0123");
  await page.locator("#message").fill("来週から入院します。");
  await choose("電話をかけ直す");
  await choose("同意をもらった");
  await press("相談として受ける");
  await page.waitForURL(/\/staff\/cases\/[0-9a-f-]{36}\?done=taken/u);
  expect(await page.getByText("相談として受けました").count()).toBe(1);
  expect([await db.$count(cases), await db.$count(drafts)]).toEqual([1, 0]);
});

test("a second call of the same family is kept in its case, with the text taken along", async () => {
  await openByMenu();
  await page.locator("#phone").fill("０８６００００１２３");
  await page.locator("#message").fill("日にちが変わりました。");
  await press("前の相談をさがす");
  expect(await page.locator("#message").inputValue()).toBe("日にちが変わりました。");
  await page
    .getByRole("button", { name: /この相談の電話として残す/u })
    .first()
    .click();
  await page.waitForURL(/done=entry/u);
  expect(await page.getByText("日にちが変わりました。").count()).toBe(1);
  expect([await db.$count(cases), await db.$count(drafts)]).toEqual([1, 0]);
});

test("the address box comes with メール, and a refused form shows everything again with its errors", async () => {
  await openByMenu();
  expect(await page.locator("#address").isVisible()).toBe(false);
  await page.locator("#message").fill("書類の書き方を知りたい。");
  await choose("メール");
  expect(await page.locator("#address").isVisible()).toBe(true);
  await press("相談として受ける");
  expect(await page.getByRole("alert").getByRole("link").count()).toBe(2);
  expect(await page.locator("#message").inputValue()).toBe("書類の書き方を知りたい。");
  expect(await page.getByRole("radio", { name: "メール", exact: true }).isChecked()).toBe(true);
  await press("下書きのまま閉じる");
  expect(new URL(page.url()).pathname).toBe("/staff");
  await openByMenu();
  expect(await page.locator("#message").inputValue()).toBe("");
  await page.getByRole("link", { name: /の下書き/u }).click();
  expect(await page.locator("#message").inputValue()).toBe("書類の書き方を知りたい。");
});

test.each([360, 1280])(
  "the page breaks no rule that a machine can see at %d px: empty, filled, and refused",
  async (width) => {
    await withScript.setViewportSize({ width, height: 800 });
    const found: string[] = [];
    const check = async (what: string) => {
      const seen = [...(await axeViolations(withScript)), ...(await clippedText(withScript))];
      // On a phone the bar with the button stays at the bottom, above what scrolls.
      const covered = width === 360 ? [] : await overlappingElements(withScript);
      found.push(...[...seen, ...covered].map((rule) => `${what}: ${rule}`));
    };
    await withScript.goto(`${app.origin}/staff/cases/new?draft=none`);
    await check("empty");
    await withScript.locator("#phone").fill("086-000-0123");
    await withScript.getByRole("radio", { name: "メール", exact: true }).check();
    await withScript.getByRole("button", { name: "前の相談をさがす" }).click();
    await withScript.waitForURL(/#found/u);
    await check("looked up");
    await withScript.getByRole("button", { name: "相談として受ける" }).filter({ visible: true }).first().click();
    await withScript.getByRole("alert").waitFor();
    await check("refused");
    expect(found).toEqual([]);
    await db.delete(drafts);
  },
);

test("the keyboard goes through the questions in their order, and nothing that has the focus is hidden", async () => {
  await withScript.setViewportSize({ width: 1280, height: 800 });
  await withScript.goto(`${app.origin}/staff/cases/new?draft=none`);
  await withScript.locator("#phone").focus();
  const order: string[] = [];
  for (let n = 0; n < 9; n++) {
    order.push(
      (await withScript.evaluate("document.activeElement.name || document.activeElement.textContent")) as string,
    );
    const isSeen = await withScript.evaluate(`(() => {
      const box = document.activeElement.getBoundingClientRect();
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return document.activeElement.contains(top) || top?.closest("label, .choice") !== null;
    })()`);
    expect(isSeen).toBe(true);
    await withScript.keyboard.press("Tab");
  }
  expect(order).toEqual([
    ...["phone", "do", "name", "message", "answer", "電話のときのお願い（聞けたら）", "consent", "heard", "do"],
  ]);
});

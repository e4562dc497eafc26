/** Staff who leave a page while they write, and who press twice, in a real browser. */

import { eq } from "drizzle-orm";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { draftsOfPage } from "#api/drafts/drafts.ts";
import { db } from "#db/client.ts";
import { drafts } from "#db/schema/drafts.ts";
import { newsletters } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser } = await startAppAndBrowser();

let page: Page;
beforeAll(async () => {
  page = await signInAs(await browser.newContext({ locale: "ja-JP" }), "fundraiser");
});

const form = () => page.goto(`${app.origin}/staff/newsletters/new`);
const [subject, body] = ['input[name="subject"]', 'textarea[name="body"]'];
const save = () => page.getByRole("button", { name: "保存する" });

test("what is typed and not sent is in the box again after the page was left, and gone when it is stored", async () => {
  await form();
  await page.fill(subject, "冬の号");
  await page.fill(body, "とちゅうまで書いた");
  await page.goto(`${app.origin}/staff/newsletters`);
  await expect.poll(() => db.$count(drafts), { timeout: 20_000 }).toBe(1);
  await form();
  expect(await page.inputValue(body)).toBe("とちゅうまで書いた");
  expect(await page.getByText("まだ保存されていません").count()).toBe(1);
  await save().click();
  await page.waitForURL(/done=created/u);
  expect(await db.$count(drafts)).toBe(0);
});

test("a second press, and Back with another press, store nothing more", async () => {
  const before = await db.$count(newsletters);
  await form();
  await page.fill(subject, "一度だけの号");
  await save().dblclick();
  // Not waitForURL, which ends with an error where the second press takes the place of the first.
  await expect.poll(() => page.url(), { timeout: 20_000 }).toMatch(/done=created/u);
  await page.waitForLoadState();
  await page.goBack();
  const answered = page.waitForResponse((response) => response.request().method() === "POST");
  await save().click();
  await answered;
  expect(await db.$count(newsletters)).toBe(before + 1);
});

test("what was typed a moment before signing out is kept", async () => {
  await form();
  await page.fill(subject, "出る前の号");
  await page.fill(body, "ログアウトの直前まで書いた");
  await page.locator("details.me summary").click();
  await page.getByRole("button", { name: "ログアウト" }).click();
  await page.waitForURL(/sign-in/u);
  const [me] = await db.select({ id: staff.id }).from(staff).where(eq(staff.role, "fundraiser"));
  const kept = async () =>
    (await draftsOfPage(me?.id ?? "", "/staff/newsletters/new")).map(({ values }) => values["body"]);
  expect(await kept()).toContain("ログアウトの直前まで書いた");
});

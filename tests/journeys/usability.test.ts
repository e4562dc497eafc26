/** Mistakes in use that people once met, tired or in a hurry: each must stay mended. */

import { desc, eq } from "drizzle-orm";
import type { BrowserContext, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { ConsultationForm } from "#api/intake/forms.ts";
import { receiveConsultation } from "#api/intake/receive.ts";
import { loadSample } from "#api/sample/sample.ts";
import { db } from "#db/client.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { cases } from "#db/schema/cases.ts";
import { staff } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { guideLinkMail } from "#emails/templates/guide-link.ts";
import { phone } from "../browser.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser } = await startAppAndBrowser();

let family: BrowserContext;

beforeAll(async () => {
  await loadSample();
  family = await newContext(phone);
});

async function newContext(device: object = { viewport: { width: 1280, height: 800 } }) {
  const context = await browser.newContext({ ...device, locale: "ja-JP", javaScriptEnabled: false });
  context.setDefaultTimeout(8000);
  return context;
}

const signedIn = async (role: Role, device?: object) => signInAs(await newContext(device), role);
const alert = (page: Page) => page.getByRole("alert").innerText();

/** A request so old that its answer is overdue. Returns the id of its case and its reference. */
async function receiveOverdue() {
  const form = ConsultationForm.parse({
    message: "ずっと待っています。",
    reply_by: "email",
    email: "matsu@example.jp",
    consent: true,
  });
  const arrival = {
    channel: "form",
    network: "192.0.2.1",
    key: undefined,
    now: new Date("2026-01-05T03:00:00Z"),
  } as const;
  const { reference } = await receiveConsultation(form, arrival);
  const [row] = await db.select({ id: cases.id }).from(cases).orderBy(desc(cases.id));
  return { reference, id: firstOrNotFound(row ? [row] : []).id };
}

describe("a tired mother at her phone", () => {
  test("goes back and presses again: one request, until she writes something else", async () => {
    const page = await family.newPage();
    const send = async () => {
      await page.getByRole("button", { name: "書いたことを確かめる" }).click();
      await page.getByRole("button", { name: "この内容で相談する" }).click();
    };
    /** From the receipt past the page to check, which no browser keeps: it holds the words. */
    const back = async () => {
      const browsing = await family.newCDPSession(page);
      const { currentIndex, entries } = await browsing.send("Page.getNavigationHistory");
      await browsing.send("Page.navigateToHistoryEntry", { entryId: entries[currentIndex - 2]?.id ?? 0 });
      await page.waitForURL(`${app.origin}/consultation`);
    };
    await page.goto(`${app.origin}/consultation`);
    await page.getByLabel(/^いま困っていること/u).fill("眠れません。");
    await page.getByRole("radio", { name: "返事はいらない" }).check();
    await page.locator("input[name=consent]").check();
    await send();
    const receipt = page.url();
    expect(receipt).toContain("/consultation/receipt/");
    await back();
    await send();
    expect(page.url()).toBe(receipt);
    await back();
    await page.getByLabel(/^いま困っていること/u).fill("眠れません。書き足します。");
    await send();
    expect(await alert(page)).toContain("さきほどの内容は、もう届いています。");
    await send();
    expect(page.url()).toContain("/consultation/receipt/");
    expect(page.url()).not.toBe(receipt);
  });

  test("learns from the receipt that her address looks mistyped", async () => {
    const page = await family.newPage();
    await page.goto(`${app.origin}/consultation`);
    await page.getByLabel(/^いま困っていること/u).fill("学校のことです。");
    await page.getByRole("radio", { name: "メール", exact: true }).check();
    await page.getByLabel(/^メールアドレス/u).fill("hana@gmial.com");
    await page.locator("input[name=consent]").check();
    await page.getByRole("main").getByRole("button").click();
    expect(await page.getByRole("main").innerText()).toContain("「gmail.com」の打ち間違い");
  });

  test("reads a mail with a long link without moving it sideways", async () => {
    const { html } = await guideLinkMail({ title: "資料", token: "x".repeat(60), expiresAt: new Date(), locale: "ja" });
    const page = await (await browser.newContext(phone)).newPage();
    await page.setContent(html);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  });

  test("sees on every first screen that all is invented", async () => {
    const page = await family.newPage();
    for (const path of ["/", "/consultation", "/guides"]) {
      await page.goto(app.origin + path);
      expect((await page.getByText("架空の見本", { exact: true }).first().boundingBox())?.y).toBeLessThan(100);
    }
  });
});

describe("a coordinator in a hurry", () => {
  test("is told what is late, takes it, and is reminded until something is written down", async () => {
    const { id, reference } = await receiveOverdue();
    const page = await signedIn("coordinator", phone);
    const row = page
      .getByRole("region", { name: /^期限切れ/u })
      .getByRole("row")
      .filter({ hasText: reference });
    expect(await row.innerText()).toContain("超過");
    expect((await row.boundingBox())?.height).toBeLessThan(120);
    await row.getByRole("link").click();
    expect(page.url()).toContain(id);
    const bar = page.getByRole("complementary", { name: "すぐ使うもの" });
    const claim = bar.getByRole("button", { name: "自分が担当する" });
    expect((await claim.boundingBox())?.y).toBeLessThan(640);
    await claim.click();
    await page.goto(`${app.origin}/staff?who=me`);
    await row.getByRole("link").click();
    const late = page.getByText("こちらの番", { exact: true });
    expect(await late.first().isVisible()).toBe(true);
    await page.getByText("電話・訪問の記録").click();
    await page.getByRole("radio", { name: "話せた" }).check();
    await page.getByLabel("話したこと・したこと").fill("お返事した。");
    await page.getByRole("button", { name: "記録する" }).click();
    expect(await late.count()).toBe(0);

    await page.getByRole("link", { name: "終了する" }).click();
    await page.getByRole("button", { name: "終了する" }).click();
    await page.getByRole("link", { name: "終了の理由を選んでください。" }).click();
    expect(await page.getByRole("group", { name: "終了の理由" }).isVisible()).toBe(true);
  });

  test("who may not, or finds nothing, stays among staff and is not sent to the families' phone", async () => {
    const page = await signedIn("fundraiser");
    const told: [string, number | undefined, string][] = [];
    for (const path of ["/staff/people", "/staff/nowhere", "/staff/cases/0191d3a0-0000-7000-8000-000000000001"]) {
      const answer = await page.goto(app.origin + path);
      told.push([path, answer?.status(), await page.getByRole("heading", { level: 1 }).innerText()]);
      expect(await page.locator("a[href^='tel:']").count()).toBe(0);
      expect(await page.getByRole("button", { name: "ログアウト", includeHidden: true }).count()).toBe(1);
    }
    expect(told).toEqual([
      ["/staff/people", 403, "この操作はできません"],
      ["/staff/nowhere", 404, "ページが見つかりません"],
      ["/staff/cases/0191d3a0-0000-7000-8000-000000000001", 403, "この操作はできません"],
    ]);
  });
});

test("a peer sees the case they were given as soon as they sign in", async () => {
  const page = await signedIn("peer");
  expect(await page.getByRole("main").innerText()).toContain("いま、あなたに任された相談はありません。");
  const [peer] = await db.select().from(staff).where(eq(staff.email, "peer@example.jp"));
  const { id, reference } = await receiveOverdue();
  await assign(firstOrNotFound(peer ? [{ ...peer, role: "manager" as const }] : []), id, { staff_id: peer?.id ?? "" });
  await page.goto(`${app.origin}/staff`);
  expect(await page.getByRole("link", { name: reference }).count()).toBe(1);
});

test("what a consultation cost is in sight: at a desk in the table, on a phone in the summary", async () => {
  const page = await signedIn("analyst");
  const heading = await page.getByRole("columnheader", { name: "相談1件あたり", exact: true }).boundingBox();
  expect((heading?.x ?? 9999) + (heading?.width ?? 0)).toBeLessThanOrEqual(1280);
  await page.setViewportSize(phone.viewport);
  const figure = await page.getByRole("columnheader", { name: "相談1件あたりの費用（JPY）" }).boundingBox();
  expect((figure?.x ?? 9999) + (figure?.width ?? 0)).toBeLessThanOrEqual(360);
});

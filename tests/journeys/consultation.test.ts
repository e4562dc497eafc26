/** The whole way of one family, without JavaScript: advertisement → form → mail → staff → report. */

import { type BrowserContext } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { setUpToken } from "#api/staff/invite.ts";
import { phone } from "../browser.ts";
import { totpCode } from "../totp.ts";
import { startAppAndBrowser } from "./setup.ts";

const { app, browser, mailServer } = await startAppAndBrowser();

const advertisement =
  "/?cid=199&gid=299&tid=kwd-311000000001&kw=%E9%95%B7%E6%9C%9F%E7%99%82%E9%A4%8A%20%E5%AD%90%E3%81%A9%E3%82%82%20%E5%8B%89%E5%BC%B7&mt=p&gclid=TEST-journey";
const canary = "カナリヤ、夜の病室から書いています。";

let family: BrowserContext;
let office: BrowserContext;

beforeAll(async () => {
  family = await browser.newContext({ ...phone, javaScriptEnabled: false });
  office = await browser.newContext({ javaScriptEnabled: false, locale: "ja-JP" });
  for (const context of [family, office]) context.setDefaultTimeout(8000);
});

describe("a family finds us through an advertisement and asks for help", () => {
  let reference = "";

  test("from the landing page to the receipt, correcting one mistake on the way", async () => {
    const page = await family.newPage();
    await page.goto(app.origin + advertisement);
    await page.getByRole("link", { name: "書いて相談する" }).first().click();
    await page.getByLabel(/^いま困っていること/u).fill(canary);
    await page.getByRole("radio", { name: "メール", exact: true }).check();
    await page.getByRole("main").getByRole("button").click();

    expect(await page.title()).toMatch(/^エラー: /u);
    expect(await page.getByRole("alert").innerText()).toContain("お返事を送るメールアドレスを入力してください。");
    expect(await page.getByLabel(/^いま困っていること/u).inputValue()).toBe(canary);

    await page.getByLabel(/^メールアドレス/u).fill("a..b@docomo.ne.jp");
    await page.locator("input[name=consent]").check();
    await page.getByRole("main").getByRole("button").click();

    expect(await page.getByRole("main").innerText()).toContain(canary);
    await page.getByRole("button", { name: /^変更.*メールアドレス/u }).click();
    expect(await page.getByLabel(/^メールアドレス/u).inputValue()).toBe("a..b@docomo.ne.jp");
    await page.getByRole("main").getByRole("button").click();
    await page.getByRole("button", { name: "この内容で相談する" }).click();

    expect(page.url()).toContain("/consultation/receipt/");
    const text = await page.getByRole("main").innerText();
    reference = /[2-9A-Z]{4}-[2-9A-Z]{4}/u.exec(text)?.[0] ?? "";
    expect(reference).not.toBe("");
    expect(text).toMatch(/\d+月\d+日/u);
    expect(text).toContain("086-000-0000");
    expect(text).toContain("example.jp");
    expect(await family.cookies()).toEqual([]);
  });

  test("the receipt and the notice arrive by mail and hold none of the words", async () => {
    const receipt = await mailServer.waitFor((message) => message.recipients.includes('"a..b"@docomo.ne.jp'));
    expect(receipt.text).toContain(reference);
    expect(receipt.subject).not.toContain(reference);
    const notice = await mailServer.waitFor((message) => message.recipients.includes("staff@example.jp"));
    expect(notice.text).toMatch(/\/staff\/cases\/[0-9a-f-]{36}/u);
    for (const message of mailServer.messages)
      expect(`${message.subject} ${message.text} ${message.html}`).not.toContain("カナリヤ");
  });

  test("the first manager sets an authenticator up, signs in with it, and works on the case", async () => {
    const page = await office.newPage();
    await page.goto(`${app.origin}/staff/invitations/${await setUpToken()}`);
    await page.getByLabel("お名前").fill("見本 管理");
    await page.getByLabel("メールアドレス").fill("manager@example.jp");
    await page.getByLabel("パスワード").fill("long enough to be a sentence");
    await page.getByRole("button", { name: "登録して次へ" }).click();
    const secret = (await page.locator("code.secret").innerText()).trim();
    await page.goto(`${app.origin}/staff`);
    expect(page.url()).toContain("/staff/two-factor");
    const code = (laterMs = 0) => totpCode(secret, Date.now() + laterMs);
    await page.getByLabel(/6 けたの数字/u).fill(code());
    await page.getByRole("button", { name: "設定を終える" }).click();
    await page.locator("details.me summary").click();
    await page.getByRole("button", { name: "ログアウト" }).click();

    await page.goto(`${app.origin}/staff`);
    await page.getByLabel("メールアドレス").fill("manager@example.jp");
    await page.getByLabel("パスワード").fill("long enough to be a sentence");
    await page.getByRole("button", { name: "次へ" }).click();
    await page.getByLabel(/6 けたの数字/u).fill(code(30_000)); // the next one: each counts once
    await page.getByRole("button", { name: "ログイン" }).click();

    await page.getByRole("link", { name: reference }).click();
    expect(await page.getByRole("main").innerText()).toContain(canary);
    await page.locator(".strip").getByRole("button", { name: "自分が担当する" }).click();
    expect(await page.locator(".strip").innerText()).toContain("対応中");
    await page.getByText("電話・訪問の記録").click();
    await page.getByLabel("話したこと・したこと").fill("電話で話を聞いた。");
    await page.getByRole("button", { name: "記録する" }).click();
    expect(await page.getByRole("main").innerText()).toContain("電話で話を聞いた。");
  });

  test("the keyword report shows one landing and one consultation for that keyword", async () => {
    const page = await office.newPage();
    await page.goto(`${app.origin}/staff/keywords`);
    const table = page.getByRole("table", { name: /キーワードごとの数/u });
    const row = table.getByRole("row").filter({ hasText: "長期療養 子ども 勉強" });
    const head = await table.locator("thead th").allInnerTexts();
    const cells = await row.locator("th, td").allInnerTexts();
    const shown = Object.fromEntries(head.map((name, i) => [name.trim(), cells[i]?.trim()]));
    expect(shown).toMatchObject({ 着地: "1", 資料: "0", 相談: "1", 費用: "－" });
  });
});

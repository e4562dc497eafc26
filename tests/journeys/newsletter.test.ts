/** From a guide to the newsletter and out again, without JavaScript, with every mail really delivered. */

import { sql } from "drizzle-orm";
import type { BrowserContext } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { newsletters } from "#db/schema/mail.ts";
import { phone } from "../browser.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser, mailServer } = await startAppAndBrowser();

const reader = "hoshi@example.jp";
const linkIn = (text: string | undefined, path: string) =>
  new RegExp(`http://localhost:\\d+${path}[\\w-]+`, "u").exec(text ?? "")?.[0] ?? "";

let family: BrowserContext;

beforeAll(async () => {
  family = await browser.newContext({ ...phone, javaScriptEnabled: false });
  family.setDefaultTimeout(8000);
});

test("without script, Back from a preview leads to the draft, and Enter in a button's box puts the button in", async () => {
  const office = await browser.newContext({ javaScriptEnabled: false, locale: "ja-JP" });
  office.setDefaultTimeout(8000);
  const page = await signInAs(office, "manager");
  await page.goto(`${app.origin}/staff/newsletters/new`);
  await page.getByLabel("件名").fill("書きかけの号");
  await page.getByLabel("本文").fill("はじめ");
  await page.getByRole("button", { name: "プレビューを見る" }).click();
  await page.getByRole("heading", { name: "プレビュー" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "「書きかけの号」の続きを書く" }).click();
  expect(await page.getByLabel("本文").inputValue()).toBe("はじめ");
  await page.getByRole("button", { name: "部品を入れる" }).click();
  await page.getByLabel("ボタンの言葉").fill("申し込む");
  await page.getByLabel("押すと開くアドレス").fill("https://example.jp/");
  await page.getByLabel("押すと開くアドレス").press("Enter");
  // What was done is what a screen reader says first: the title is the draft's, as before.
  expect(await page.locator(":focus").innerText()).toBe("部品を入れました。");
  expect(await page.getByRole("status").innerText()).toBe("部品を入れました。");
  expect((await page.getByLabel("本文").inputValue()).trim()).toBe(
    "はじめ\n\n[ボタン: 申し込む](<https://example.jp/>)",
  );
  await office.close();
});

describe("a reader takes a guide, subscribes, reads an issue and leaves", () => {
  test("the guide is on the screen and in the mail; the newsletter box was not ticked for them", async () => {
    const page = await family.newPage();
    await page.goto(`${app.origin}/guides`);
    await page.getByRole("main").getByRole("link").first().click();
    expect(await page.locator("input[name=newsletter]").isChecked()).toBe(false);
    await page.getByRole("textbox", { name: "メールアドレス" }).fill(reader);
    await page.locator("input[name=newsletter]").check();
    await page.getByRole("button", { name: "資料を受け取る" }).click();
    const onScreen = await page.getByRole("link", { name: /資料を開く/u }).getAttribute("href");
    const mail = await mailServer.waitFor((message) => message.text?.includes("/d/") ?? false);
    expect(linkIn(mail.text, "/d/")).toBe(app.origin + onScreen);
    const file = await fetch(app.origin + onScreen);
    expect(file.headers.get("content-type")).toBe("application/pdf");
    expect(
      Buffer.from(await file.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
  });

  test("only pressing the button behind the confirmation link subscribes", async () => {
    const mail = await mailServer.waitFor((message) => message.text?.includes("/newsletter/confirm/") ?? false);
    const link = linkIn(mail.text, "/newsletter/confirm/");
    await fetch(link); // a mail scanner
    const page = await family.newPage();
    await page.goto(link);
    await page.getByRole("button", { name: "登録する" }).click();
    expect(await page.getByRole("main").innerText()).toContain("登録");
  });

  test("a fundraiser writes an issue, tries it on herself, and sends it to exactly that reader", async () => {
    const office = await browser.newContext({ javaScriptEnabled: false, locale: "ja-JP" });
    office.setDefaultTimeout(8000);
    const page = await signInAs(office, "fundraiser");
    await page.goto(`${app.origin}/staff/newsletters/new`);
    await page.getByLabel("件名").fill("冬のおしゃべり会");
    await page.getByLabel("前書き").fill("12月のご案内です");
    await page.getByLabel("本文").fill("## お知らせ\n\n**教室**で集まります。");
    await page.getByRole("button", { name: "試し送りをする" }).click();
    const test = await mailServer.waitFor((message) => message.recipients.includes("fundraiser@example.jp"));
    expect(test.html).toContain("<strong>教室</strong>");
    await page.getByLabel("本文").fill("## お知らせ\n\n**オンライン**で集まります。[催し](/events)");
    await page.getByRole("button", { name: "プレビューを見る" }).click();
    const night = page.frameLocator("iframe").nth(1);
    expect(await night.locator("strong").first().innerText()).toBe("オンライン");
    expect(await page.locator("pre").innerText()).toContain("オンラインで集まります。催し");
    expect(await page.getByRole("region", { name: "送る前の確認" }).innerText()).toContain(
      "リンク 1 本は、すべて開けます",
    );
    await page.getByRole("link", { name: "送信の確認へ進む" }).click();
    expect(await page.getByRole("main").innerText()).toMatch(/1\s*人/u);
    const now = page.getByRole("radio", { name: "いますぐ", exact: true });
    expect(await now.isChecked()).toBe(true);
    await page.getByRole("button", { name: "1 人に送信する" }).click();
    // Held for a minute, in which it can be stopped; here the minute is over at once.
    expect(await page.getByRole("button", { name: "止めて下書きにもどす" }).count()).toBe(1);
    expect(await page.title()).toContain("送信の予約: 冬のおしゃべり会");
    await db.update(newsletters).set({ startAt: sql`now()` });
    const issue = await mailServer.waitFor(
      (message) => message.recipients.includes(reader) && message.subject === "冬のおしゃべり会",
    );
    expect(issue.html).toContain("<strong>オンライン</strong>");
    // Offered by sites with https alone; this one has none.
    expect(issue.raw).not.toMatch(/^List-Unsubscribe-Post/mu);
  });

  test("the link at the end of the issue changes what she reads, and nothing before she saves", async () => {
    const issue = await mailServer.waitFor(
      (message) => message.recipients.includes(reader) && message.subject === "冬のおしゃべり会",
    );
    const link = linkIn(issue.text, "/newsletter/preferences/");
    await fetch(link); // a mail scanner
    const page = await family.newPage();
    await page.goto(link);
    expect(await page.getByRole("checkbox", { name: "メールマガジン" }).isChecked()).toBe(true);
    expect(await page.getByRole("checkbox", { name: "催しのお知らせ" }).isChecked()).toBe(false);
    await page.getByRole("checkbox", { name: "催しのお知らせ" }).check();
    await page.getByRole("button", { name: "保存する" }).click();
    expect(await page.getByRole("status").innerText()).toContain("保存しました");
    expect(await page.locator(":focus").innerText()).toContain("保存しました");
    expect(await page.getByRole("checkbox", { name: "催しのお知らせ" }).isChecked()).toBe(true);
    expect(await page.content()).not.toContain(reader);
  });

  test("a robot's GET leaves the reader subscribed; the mail program's one click does not", async () => {
    const issue = await mailServer.waitFor(
      (message) => message.recipients.includes(reader) && message.subject === "冬のおしゃべり会",
    );
    const header = issue.headers.find(({ key }) => key === "list-unsubscribe")?.value ?? "";
    const link = linkIn(header, "/u/");
    await fetch(link);
    await fetch(link, { method: "HEAD" });
    const page = await family.newPage();
    await page.goto(link);
    const stops = page.getByRole("main").getByRole("button");
    expect(await stops.allInnerTexts()).toEqual(["「メールマガジン」を停止する", "すべてのお知らせを停止する"]);
    const click = await fetch(link, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "List-Unsubscribe=One-Click",
      redirect: "manual",
    });
    expect(click.status).toBe(200);
    await page.reload();
    expect(await page.getByRole("main").getByRole("listitem").allInnerTexts()).toEqual(["催しのお知らせ"]);
    await page.getByRole("button", { name: "すべてのお知らせを停止する" }).click();
    expect(await page.getByRole("button", { name: /停止する/u }).count()).toBe(0);
  });

  test("asked why only afterwards, she answers or does not; and may come back by the same page", async () => {
    const issue = await mailServer.waitFor(
      (message) => message.recipients.includes(reader) && message.subject === "冬のおしゃべり会",
    );
    const page = await family.newPage();
    await page.goto(linkIn(issue.text, "/u/"));
    expect(await page.getByRole("radio", { checked: true }).count()).toBe(0);
    await page.getByRole("button", { name: "送る" }).click();
    expect(await page.getByRole("alert").innerText()).toContain("このままページを閉じてください");
    await page.getByRole("radio", { name: "届く回数が多い" }).check();
    await page.getByRole("button", { name: "送る" }).click();
    expect(await page.getByRole("status").innerText()).toContain("ありがとうございました");
    expect(await page.locator(":focus").innerText()).toContain("ありがとうございました");
    await page.goto(linkIn(issue.text, "/u/"));
    expect(await page.locator(":focus").count()).toBe(0);
    await page.getByRole("link", { name: "受け取るお知らせを選び直す" }).click();
    expect(await page.getByRole("checkbox", { checked: true }).count()).toBe(0);
    await page.getByRole("checkbox", { name: "催しのお知らせ" }).check();
    await page.getByRole("button", { name: "保存する" }).click();
    await page.goto(linkIn(issue.text, "/u/"));
    expect(await page.getByRole("main").getByRole("listitem").allInnerTexts()).toEqual(["催しのお知らせ"]);
  });

  test("asking on the newsletter's own page needs a choice, which the mail and the page behind it name", async () => {
    const page = await family.newPage();
    await page.goto(`${app.origin}/newsletter`);
    expect(await page.getByRole("checkbox", { checked: true }).count()).toBe(0);
    await page.getByRole("textbox", { name: "メールアドレス" }).fill("sensei@example.jp");
    await page.getByRole("checkbox", { name: /同意します/u }).check();
    await page.getByRole("button", { name: "申し込む" }).click();
    await page
      .getByRole("alert")
      .getByRole("link", { name: /一つ以上選んで/u })
      .click();
    await page.getByRole("checkbox", { name: "学校・医療・福祉の方へ" }).check();
    await page.getByRole("button", { name: "申し込む" }).click();
    const mail = await mailServer.waitFor((message) => message.recipients.includes("sensei@example.jp"));
    expect(mail.text).toContain("「学校・医療・福祉の方へ」へのお申し込み");
    await page.goto(linkIn(mail.text, "/newsletter/confirm/"));
    expect(await page.getByRole("main").getByRole("listitem").allInnerTexts()).toEqual(["学校・医療・福祉の方へ"]);
  });
});

/** A file of advertising cost in the browser: chosen, previewed, imported, seen in the report, undone. */

import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { maxMegabytes } from "#api/http/uploads.ts";
import { db } from "#db/client.ts";
import { adImports, adUploadParts, adUploads } from "#db/schema/attribution.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser } = await startAppAndBrowser();

let page: Page;
beforeAll(async () => {
  // As a browser without script: nothing here may need it.
  const context = await browser.newContext({ locale: "ja-JP", javaScriptEnabled: false });
  page = await signInAs(context, "analyst");
});

const importsPage = "/staff/keywords/imports";
const report = (rows: string[], head = "キーワード,キャンペーン,広告グループ,表示回数,クリック数,費用,通貨コード") =>
  ["検索キーワード レポート", "2026年10月1日 - 2026年10月31日", head, ...rows].join("\n");

async function choose(name: string, text: string): Promise<void> {
  await page.goto(app.origin + importsPage);
  await page.getByLabel("レポートのファイル").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "中身を確かめる" }).click();
  await page.waitForURL(/\/uploads\//u);
  await expect
    .poll(() => page.getByRole("heading", { level: 1 }).textContent(), { timeout: 20_000 })
    .not.toContain("読んで");
}
const text = () => page.locator("main").innerText();

test("choose, read the preview, import, see the change, undo it", async () => {
  await choose("october.csv", report(["入院,岡山,学習,100,10,1000,JPY", "合計: アカウント,,,900,90,9000,JPY"]));
  const preview = await text();
  for (const said of [
    "2026年10月1日〜2026年10月31日",
    "キーワード（期間の合計）",
    "1 行",
    "「アカウント」のうち、行にない分",
    "8,000 JPY",
  ])
    expect(preview).toContain(said);
  expect(preview.replaceAll(/\s+/gu, " ")).toContain("0 → 1,000 JPY");
  await page.goto(`${app.origin}/staff/keywords?from=2026-10-01&to=2026-10-31`);
  expect(await text()).not.toContain("1,000 JPY");
  await page.goBack();

  await page.getByRole("button", { name: "取り込む" }).click();
  await page.getByText("1 行を取り込みました").waitFor();
  expect(await db.$count(adUploadParts)).toBe(0);
  await page.goto(`${app.origin}/staff/keywords?from=2026-10-01&to=2026-10-31`);
  expect(await text()).toContain("1,000 JPY");

  await page.goto(app.origin + importsPage);
  await page.getByRole("link", { name: "october.csv" }).click();
  expect((await text()).replaceAll(/\s+/gu, " ")).toContain("1,000 → 0 JPY");
  await page.getByRole("button", { name: "この取り込みを取り消す" }).click();
  await page.getByText("取り込みを取り消しました").waitFor();
  expect(await text()).toContain("取り消しずみ");
  await page.goto(`${app.origin}/staff/keywords?from=2026-10-01&to=2026-10-31`);
  expect(await text()).not.toContain("1,000 JPY");
});

test("a file that does not say enough asks for it, and is read again with the answer", async () => {
  const bare = "キーワード,キャンペーン,広告グループ,表示回数,クリック数,費用\n入院,岡山,学習,10,1,100";
  await choose("bare.csv", bare);
  expect(await text()).toContain("期間が分かりません");
  await page.getByLabel("開始日").fill("2026-09-01");
  await page.getByRole("button", { name: "読み直す" }).click();
  expect(await text()).toContain("開始日と終了日の両方");
  await page.getByLabel("終了日").fill("2026-09-30");
  await page.getByLabel("通貨").fill("JPY");
  await page.getByRole("button", { name: "読み直す" }).click();
  await page.getByRole("heading", { name: "この内容で取り込みますか" }).waitFor();
  expect(await text()).toContain("2026年9月1日〜2026年9月30日");
});

/** A page with script, signed in as the one without. */
async function withScript(): Promise<Page> {
  const storageState = await page.context().storageState();
  const scripted = await (await browser.newContext({ locale: "ja-JP", storageState })).newPage();
  await scripted.goto(app.origin + importsPage);
  return scripted;
}

/** Lets go of files over the box around the file input, as somebody does with a mouse. */
async function drop(scripted: Page, names: string[], body: string): Promise<void> {
  const transfer = await scripted.evaluateHandle(
    ([files, content]) => {
      const data = new DataTransfer();
      for (const name of files) data.items.add(new File([content], name, { type: "text/csv" }));
      return data;
    },
    [names, body] as const,
  );
  for (const type of ["dragover", "drop"]) await scripted.dispatchEvent("file-drop", type, { dataTransfer: transfer });
}

test("with script: drop a file, read the preview, import, see the change, undo it", async () => {
  const scripted = await withScript();
  const violations: string[] = [];
  scripted.on("console", (message) => message.type() === "error" && violations.push(message.text()));
  const main = async () => (await scripted.locator("main").innerText()).replaceAll(/\s+/gu, " ");
  await drop(scripted, ["a.csv", "b.csv"], "x");
  await scripted.getByText("ファイルは一つずつ選んでください").waitFor();
  await drop(scripted, ["large.csv"], "x".repeat(maxMegabytes * 1024 * 1024 + 1));
  await scripted.getByText("MB より大きいファイルです").waitFor();
  await drop(scripted, ["dropped.csv"], report(["学校,倉敷,学習,50,5,700,JPY"]));
  expect(await scripted.getByText("MB より大きいファイルです").isVisible()).toBe(false);
  await scripted.getByRole("button", { name: "中身を確かめる" }).click();
  await scripted.getByRole("heading", { name: "この内容で取り込みますか" }).waitFor({ timeout: 20_000 });
  expect(await main()).toContain("倉敷 0 → 50 0 → 5 0 → 700 JPY");
  await scripted.getByRole("button", { name: "取り込む", exact: true }).dblclick();
  await scripted.getByText("1 行を取り込みました").waitFor();
  await scripted.getByRole("link", { name: "この期間の表を見る" }).click();
  await scripted.getByRole("heading", { name: "キーワードと相談" }).waitFor();
  expect(await main()).toContain("倉敷");
  await scripted.goto(app.origin + importsPage);
  await scripted.getByRole("link", { name: "dropped.csv" }).click();
  await scripted.getByRole("button", { name: "この取り込みを取り消す" }).dblclick();
  await scripted.getByText("取り込みを取り消しました").waitFor();
  const standing = (await db.select().from(adImports)).filter(({ fileName }) => fileName === "dropped.csv");
  expect(standing).toMatchObject([{ undoneAt: expect.any(Date) }]);
  expect(violations).toEqual([]);
});

test("a file that is too large is refused with a sentence on how it becomes smaller", async () => {
  await page.goto(app.origin + importsPage);
  const buffer = Buffer.alloc((maxMegabytes + 2) * 1024 * 1024, "a,b,c\n");
  await page.getByLabel("レポートのファイル").setInputFiles({ name: "large.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "中身を確かめる" }).click();
  await page.getByRole("heading", { name: "大きすぎて受け取れませんでした" }).waitFor();
  expect(await text()).toContain("期間を分けて書き出したファイル");
});

test("a workbook is told what it is, and nothing is imported", async () => {
  await choose("report.xlsx", "PK\u0003\u0004...");
  expect(await text()).toContain("Excel のブック（.xlsx）");
  expect(await page.getByRole("button", { name: "取り込む", exact: true }).count()).toBe(0);
  expect(await db.$count(adUploads)).toBeGreaterThan(0);
});

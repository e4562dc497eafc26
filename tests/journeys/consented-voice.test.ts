/**
 * A voice from its first word to its end: a fundraiser writes it, the family approves by a link, it appears, its end passes, and
 * it is gone from every page, feed and copy, and its picture answers 410.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import sharp from "sharp";
import { expect, test } from "vitest";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser } = await startAppAndBrowser();
const words = "三行だけ送って、やっとぐっすりねむれました。";
const photo = await sharp({ create: { width: 900, height: 900, channels: 3, background: "#886644" } })
  .jpeg()
  .toBuffer();

const textOf = async (path: string) => (await fetch(app.origin + path)).text();
const publicPaths = ["/", "/stories", "/?furigana", "/stories?furigana", "/sitemap.xml", "/news/feed.xml"];
const shownOn = async () => {
  const found = await Promise.all(
    publicPaths.map(async (path) => ((await textOf(path)).includes("ぐっすりねむれました") ? path : "")),
  );
  return found.filter((path) => path !== "");
};
/** Copies of pages on disk in the slots that nginx looks into now. */
function copiesWith(part: string): string[] {
  const pages = join(env.DATA_DIR, "pages", "copies");
  const files = readdirSync(pages, { recursive: true }).map(String);
  return files.filter((file) => file.endsWith(".html") && readFileSync(join(pages, file), "utf8").includes(part));
}

test("a voice with a picture, from the first word to the day after its last", { timeout: 120_000 }, async () => {
  const staff = await browser.newContext({ locale: "ja-JP", javaScriptEnabled: false });
  await signInAs(staff, "fundraiser");
  const page = await staff.newPage();
  await page.goto(`${app.origin}/staff/content/voice/new`);
  await page.locator('[id="ja.words"]').fill(words);
  await page.locator('[id="ja.from"]').fill("小学生の母親");
  await page.getByRole("button", { name: /保存して出す\s*（日本語）/u }).click();
  expect(await page.getByRole("status").textContent()).toContain("同意を記録すると");
  await page.getByText("画像を選ぶ", { exact: true }).click();
  await page.locator('[id="picture-file"]').setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: photo });
  await page.locator('[id="picture-alt.ja"]').fill("本を読む親子の後ろ姿");
  await page.getByRole("button", { name: "画像を保存する" }).click();
  expect(await page.getByRole("status").textContent()).toContain("画像を保存しました");
  expect(await shownOn()).toEqual([]);
  await page
    .getByRole("button", { name: /掲載の確認のリンクを作る/u })
    .first()
    .click();
  const link = await page.locator(".links input").first().inputValue();

  const family = await browser.newContext({
    locale: "ja-JP",
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  });
  const phone = await family.newPage();
  await phone.goto(link);
  expect(await phone.locator(".preview").textContent()).toContain(words);
  const image = (await phone.locator(".preview img").getAttribute("src")) ?? "";
  expect((await fetch(app.origin + image)).headers.get("cache-control")).toBe("no-store");
  await phone.getByRole("button", { name: "掲載してよい、と伝える" }).click();
  expect(await phone.getByRole("alert").textContent()).toContain("いつまで載せてよいか");
  await phone.getByLabel("1年").check();
  await phone.getByRole("checkbox", { name: "このサイト" }).check();
  await phone.getByLabel("お名前").fill("灰谷ことり");
  await phone.getByRole("button", { name: "掲載してよい、と伝える" }).click();
  expect(await phone.locator(".answered").textContent()).toContain("掲載の同意を受け取りました");
  expect(await family.cookies()).toEqual([]);

  await expect.poll(shownOn).toEqual(["/stories", "/stories?furigana"]);
  const [picture = ""] = /\/pictures\/[\w-]+\/[\w-]+\.jpg/u.exec(await textOf("/stories")) ?? [];
  expect((await fetch(app.origin + picture)).status).toBe(200);
  await app.warm();
  expect(copiesWith("ぐっすりねむれました")).not.toEqual([]);
  await page.goto(`${app.origin}/staff/consents`);
  expect(await page.locator(".register").textContent()).toContain("灰谷ことり");

  // Its last day was yesterday.
  await db.execute(sql`update approvals set until = ${dayAfter(dayOf(new Date()), -1)}::date`);
  await expect.poll(shownOn).toEqual([]);
  expect((await fetch(app.origin + picture)).status).toBe(410);
  await app.warm();
  expect(copiesWith("ぐっすりねむれました")).toEqual([]);
  expect(copiesWith(picture)).toEqual([]);
  await page.goto(`${app.origin}/staff/consents?show=ended`);
  expect(await page.locator(".register").textContent()).toContain("終わりました");
});

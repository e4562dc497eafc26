/** The furigana view as the whole application serves it: pages from memory, rendered ones, and answers to forms. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fields, get, postForm } from "../api/requests.ts";
import { openBrowser, phone } from "../browser.ts";
import { heard, unread } from "./furigana.ts";
import { gaps } from "./html.ts";

const asked: Fields = {
  locale: "easy",
  message: "長い入院です。上手に書けません。",
  reply_by: "none",
  consent: "true",
};

describe("rendered pages", () => {
  test.each([
    "/guides",
    "/support-book",
    "/guides/learning-in-hospital",
    "/newsletter",
    "/newsletter?lost",
    "/easy/guides",
    "/easy/guides/learning-in-hospital",
    "/easy/newsletter?lost",
    "/consultation/return",
    "/easy/consultation/return",
    "/consultation/receipt/unknown",
    "/u/unknown",
    "/problem",
  ])("%s has readings over every word, and a way back", async (path) => {
    const html = await (await get(`${path}${path.includes("?") ? "&" : "?"}furigana`)).text();
    expect(unread(html)).toEqual([]);
    expect(gaps(html)).toEqual([]);
    const isEasy = path.startsWith("/easy");
    const plain = `${path.replace(/\?.*$/u, "")}${isEasy ? "?plain" : ""}`;
    expect(html).toContain(`<a href="${plain}" rel="nofollow">ふりがなをはずす</a>`);
    expect(await (await get(isEasy ? plain : path)).text()).not.toContain("<rt");
  });

  test("that nobody wrote are missed with readings", async () => {
    const answer = await get("/nowhere?furigana");
    expect(answer.status).toBe(404);
    expect(heard(await answer.text())).toContain("ページが見《み》つかりません");
  });

  test("in English, and those of staff, stay as they are", async () => {
    expect(await (await get("/en/consultation/return?furigana")).text()).not.toContain("<rt");
    expect(await (await get("/staff/sign-in?furigana")).text()).not.toContain("<rt");
  });
});

describe("a form sent from the furigana view of easy Japanese", () => {
  test("is checked, corrected and refused with readings, the person's own words as they were typed", async () => {
    const checked = await (await postForm("/consultation/check?furigana", { ...asked, relation: "self" })).text();
    expect(unread(checked)).toEqual(
      ["長い入院です。上手に", "書けません。"].filter((words) => checked.includes(words)),
    );
    expect(heard(checked)).toContain("病気《びょうき》の本人《ほんにん》");
    expect(checked).toContain('formaction="/consultation/change?furigana#message"');
    expect(checked).toContain('action="/consultation?send&amp;furigana"');

    const again = await (await postForm("/consultation/change?furigana", asked)).text();
    expect(unread(again)).toEqual([]);
    expect(again).toContain("長い入院です。上手に書けません。</textarea>");

    const refused = await postForm("/consultation/check?furigana", { ...asked, message: "" });
    expect(refused.status).toBe(422);
    const errors = await refused.text();
    expect(unread(errors)).toEqual([]);
    expect(heard(errors)).toContain("困《こま》っていることを書《か》いてください。");
  });

  test("leads to a receipt with readings", async () => {
    const sent = await postForm("/consultation?send&furigana", asked);
    expect(sent.status).toBe(303);
    expect(sent.headers.get("location")).toMatch(/^\/consultation\/receipt\/[^?#]+\?furigana$/u);
    const receipt = await (await get(sent.headers.get("location") ?? "")).text();
    expect(heard(receipt)).toContain("相談《そうだん》が届《とど》きました");
    expect(unread(receipt)).toEqual([]);
    const plain = await postForm("/consultation", { ...asked, message: "もう一度" });
    expect(plain.headers.get("location")).not.toContain("furigana");
  });
});

describe("on a phone", () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  test.each(["/", "/easy/consultation"])(
    "%s fits, is clean to axe, and names its links without the readings",
    async (path) => {
      const context = await browser.newContext({ ...phone, bypassCSP: true });
      const page = await context.newPage();
      await page.route("**", async (route) => {
        const answer = await get(new URL(route.request().url()).pathname + new URL(route.request().url()).search);
        const body = Buffer.from(await answer.arrayBuffer());
        await route.fulfill({ status: answer.status, contentType: answer.headers.get("content-type") ?? "", body });
      });
      await page.goto(`http://localhost:9${path}?furigana`);
      await page.evaluate(axe);
      const wrong = await page.evaluate("axe.run().then(({ violations }) => violations.map(({ id }) => id))");
      expect(wrong).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      expect(
        await page.getByRole("link", { name: /相談\s*する|相談\s*フォームを\s*開\s*く|返事\s*を\s*読\s*む/u }).count(),
      ).toBeGreaterThan(0);
      const sizes = await page.evaluate(
        "[...document.querySelectorAll('rt')].filter((rt) => rt.checkVisibility()).map((rt) => parseFloat(getComputedStyle(rt).fontSize))",
      );
      expect(Math.min(...(sizes as number[]))).toBeGreaterThanOrEqual(9);
      await context.close();
    },
  );
});

/** Anybody can send a keyword of 200 letters without a blank: the report stays readable. */

import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { loadSample } from "#api/sample/sample.ts";
import { phone } from "../browser.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser } = await startAppAndBrowser();
const words = "w".repeat(200);
let page: Page;

beforeAll(async () => {
  await loadSample();
  // Twice, so that it stands before other words of strangers.
  for (const _ of [1, 2])
    await fetch(`${app.origin}/?kw=${words}&utm_campaign=${"c".repeat(200)}&gid=${"9".repeat(200)}`, {
      headers: { "user-agent": phone.userAgent },
    });
  page = await signInAs(await browser.newContext({ javaScriptEnabled: false, locale: "ja-JP" }), "analyst");
});

test.each([1280, phone.viewport.width])("at %i px", async (width) => {
  await page.setViewportSize({ width, height: 800 });
  await page.goto(`${app.origin}/staff/keywords`);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
  const row = page.getByRole("row").filter({ hasText: "w".repeat(50) });
  const [heading, figure] = [await row.getByRole("rowheader").boundingBox(), await row.boundingBox()];
  expect(heading?.width).toBeLessThanOrEqual(290);
  expect(figure?.height).toBeLessThan(220);
  const last = await page.getByRole("columnheader", { name: "相談1件あたり", exact: true }).boundingBox();
  if (width === 1280) expect((last?.x ?? 9999) + (last?.width ?? 0)).toBeLessThanOrEqual(1280);
});

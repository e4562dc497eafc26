/** The screen of an issue that is being sent, with script: its numbers become new by themselves, and its buttons with its state. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { deliveries, newsletters } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import { staffNewsletterWords as words } from "#db/words/staff/newsletters.ts";
import { deleteReaders } from "../emails/fixtures.ts";
import { become, sendTo } from "../emails/newsletters/issues.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser } = await startAppAndBrowser();
const page = await signInAs(await browser.newContext({ locale: "ja-JP" }), "fundraiser");
beforeEach(deleteReaders);

/** An issue to two readers that waits an hour, so that nothing is sent meanwhile. */
async function sendInAnHour() {
  const writer = firstOrNotFound(await db.select().from(staff).where(eq(staff.role, "fundraiser")));
  const { id, rows } = await sendTo(writer, 2);
  await db
    .update(deliveries)
    .set({ dueAt: sql`now() + interval '1 hour'` })
    .where(eq(deliveries.newsletterId, id));
  for (const row of rows) await become(row, "queued");
  return { id, rows };
}

test("numbers refresh in place, and the page is loaded anew when the issue is over, but not under the keyboard", async () => {
  const { id, rows } = await sendInAnHour();
  await page.goto(`${app.origin}/staff/newsletters/${id}`);
  const part = page.locator("live-part");
  expect(await part.innerText()).toContain("残りは 2 通です");
  expect(await part.innerText()).toContain("5 秒ごとに新しくなります。");

  await page.evaluate("window.isSamePage = true");
  await become(rows[0], "failed", "550 5.1.1");
  await expect.poll(() => part.innerText(), { timeout: 20_000 }).toContain("残りは 1 通です");
  expect(await part.innerText()).toContain("5 秒ごとに新しくなります。");
  expect(await page.evaluate("window.isSamePage")).toBe(true);
  expect(await page.getByRole("button", { name: "一時停止する" }).count()).toBe(1);

  // Whoever is at a button keeps their place, and hears of the change.
  const pause = page.getByRole("button", { name: "一時停止する" });
  await pause.focus();
  expect(await page.getByRole("status").innerText()).toBe("");
  await become(rows[1], "failed", "550 5.1.1");
  await expect
    .poll(() => page.getByRole("status").innerText(), { timeout: 20_000 })
    .toBe("この号の状態が変わりました。いまの状態を見る");
  expect(await page.evaluate("window.isSamePage")).toBe(true);
  expect(await pause.evaluate((button) => button === document.activeElement)).toBe(true);
  await pause.evaluate((button) => (button as HTMLElement).blur());
  await expect.poll(() => page.getByRole("main").innerText(), { timeout: 20_000 }).toContain("に送り終わりました");
  expect(await pause.count()).toBe(0);
  expect(await page.title()).toContain("送信済み: ");
  const [issue] = await db.select().from(newsletters).where(eq(newsletters.id, id));
  expect(issue?.state).toBe("sent");
}, 60_000);

test("what nobody presses for a quarter of an hour rests and says so, until somebody does", async () => {
  const { id } = await sendInAnHour();
  await page.clock.install();
  await page.goto(`${app.origin}/staff/newsletters/${id}`);
  const part = page.locator("live-part");
  expect(await part.innerText()).not.toContain(words.rests);
  await page.clock.fastForward("15:06");
  await expect.poll(() => part.innerText()).toContain(words.rests);
  expect(await part.innerText()).not.toContain(words.refreshes);
  await page.getByRole("heading", { level: 1 }).click();
  await expect.poll(() => part.innerText()).toContain(words.refreshes);
  expect(await part.innerText()).not.toContain(words.rests);
}, 60_000);

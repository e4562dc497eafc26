/** Content that changes, by whatever statement, is on the pages of every process within two seconds. */

import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { loadSite, type Site, warmUp } from "#api/pages/site.ts";
import { followChanges } from "#api/web/server.ts";
import { db } from "#db/client.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { lists, newsletters } from "#db/schema/mail.ts";
import { withdrawFromWeb } from "#emails/newsletters/web.ts";
import { makeIssue, makeStaff } from "../../emails/fixtures.ts";
import { beReal, beSample } from "../../real-site.ts";
import { get } from "../requests.ts";

/** As in two processes: each has its own pages and listens for itself. */
const processes: Site[] = [];
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  await installBundledGuides();
  for (let i = 0; i < 2; i++) {
    const site = await loadSite();
    stops.push(await followChanges(site));
    await warmUp(site);
    processes.push(site);
  }
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const slug = "learning-in-hospital";
const textOf = (site: Site, path: string) => site.pages.peek(path)?.bodies.plain.toString() ?? "";
/** Whether the page comes to read so in every process, within ten seconds, and without anybody asking for it. */
async function isOnAll(path: string, expected: (html: string) => boolean): Promise<boolean> {
  const reads = (site: Site) => textOf(site, path) !== "" && expected(textOf(site, path));
  return vi.waitUntil(() => processes.every(reads), { timeout: 10_000, interval: 20 });
}

test("words of a guide", async () => {
  await db.update(guides).set({ title: "新しい題名" }).where(eq(guides.slug, slug));
  expect(await isOnAll("/guides", (html) => html.includes("新しい題名"))).toBe(true);
  expect(await isOnAll(`/guides/${slug}`, (html) => html.includes("新しい題名</h1>"))).toBe(true);
});

test("a new version of a guide", async () => {
  await db.update(guideVersions).set({ pages: 97 }).where(eq(guideVersions.guideSlug, slug));
  expect(await isOnAll("/guides", (html) => html.includes("97ページ"))).toBe(true);
});

test("a guide withdrawn: gone from the list, its own page no longer kept", async () => {
  await db.update(guides).set({ withdrawnAt: new Date() }).where(eq(guides.slug, slug));
  expect(await isOnAll("/guides", (html) => !html.includes(`/guides/${slug}`))).toBe(true);
  for (const site of processes) await expect.poll(() => textOf(site, `/guides/${slug}`), { timeout: 10_000 }).toBe("");
});

test("an issue deleted, or moved to another address: its page is gone", async () => {
  const author = await makeStaff("fundraiser");
  const id = await makeIssue(author, "消えるお知らせ");
  await db
    .update(newsletters)
    .set({ sentAt: sql`now()`, webPublishedAt: sql`now()`, slug: "gone" })
    .where(eq(newsletters.id, id));
  for (const site of processes) expect((await site.pages.get("/newsletter/gone"))?.etag).toBeDefined();
  await db.delete(newsletters).where(eq(newsletters.id, id));
  for (const site of processes) await expect.poll(() => textOf(site, "/newsletter/gone"), { timeout: 10_000 }).toBe("");
  for (const site of processes) expect(await site.pages.get("/newsletter/gone")).toBeUndefined();
});

test("a page asked for by other spellings of its address is kept once", async () => {
  for (const site of processes)
    for (const key of ["/about%20", "/about ", "/x/../about", "/x\\..\\about", "/./about", "/404", "/500"])
      expect([key, await site.pages.get(key)]).toEqual([key, undefined]);
});

test("an issue sent, a list renamed, and the issue withdrawn: on the pages and in the sitemap; not a draft", async () => {
  const author = await makeStaff("fundraiser");
  const id = await makeIssue(author, "冬のお知らせ");
  await db.update(newsletters).set({ body: "書きかけ" }).where(eq(newsletters.id, id));
  await db
    .update(newsletters)
    .set({ sentAt: sql`now()`, webPublishedAt: sql`now()`, slug: "winter" })
    .where(eq(newsletters.id, id));
  const isListed = async () => {
    beReal(); // no other site has a sitemap
    const map = await (await get("/sitemap.xml")).text();
    beSample();
    return map.includes("/newsletter/winter<");
  };
  expect(await isOnAll("/newsletter", (html) => html.includes("/newsletter/winter"))).toBe(true);
  expect(await isListed()).toBe(true);
  await db.update(lists).set({ name: "季節の便り" });
  expect(await isOnAll("/newsletter", (html) => html.includes("季節の便り"))).toBe(true);
  await withdrawFromWeb(author, id);
  expect(await isOnAll("/newsletter", (html) => !html.includes("/newsletter/winter"))).toBe(true);
  for (const site of processes)
    await expect.poll(() => textOf(site, "/newsletter/winter"), { timeout: 10_000 }).not.toContain("書きかけ");
  expect(await isListed()).toBe(false);
});

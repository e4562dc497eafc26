/** Content that changes, by whatever statement, is on the pages of every process within two seconds. */

import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { loadSite, type Site, warmUp } from "#api/pages/site.ts";
import { followChanges } from "#api/web/server.ts";
import { db } from "#db/client.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { lists, newsletters } from "#db/schema/mail.ts";
import { makeIssue, makeStaff } from "../../emails/fixtures.ts";

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
/** Nobody asks for the page: it is rendered because it changed. */
const expectOnAll = async (path: string, expected: (html: string) => boolean) => {
  for (const site of processes)
    await expect.poll(() => textOf(site, path) !== "" && expected(textOf(site, path)), { timeout: 10_000 }).toBe(true);
};

test("words of a guide", async () => {
  await db.update(guides).set({ title: "新しい題名" }).where(eq(guides.slug, slug));
  await expectOnAll("/guides", (html) => html.includes("新しい題名"));
  await expectOnAll(`/guides/${slug}`, (html) => html.includes("新しい題名</h1>"));
});

test("a new version of a guide", async () => {
  await db.update(guideVersions).set({ pages: 97 }).where(eq(guideVersions.guideSlug, slug));
  await expectOnAll("/guides", (html) => html.includes("97ページ"));
});

test("a guide withdrawn: gone from the list, its own page no longer kept", async () => {
  await db.update(guides).set({ withdrawnAt: new Date() }).where(eq(guides.slug, slug));
  await expectOnAll("/guides", (html) => !html.includes(`/guides/${slug}`));
  for (const site of processes) await expect.poll(() => textOf(site, `/guides/${slug}`), { timeout: 10_000 }).toBe("");
});

test("an issue sent, and a list renamed; not a draft", async () => {
  const author = await makeStaff("fundraiser");
  const id = await makeIssue(author, "冬のお知らせ");
  await db.update(newsletters).set({ body: "書きかけ" }).where(eq(newsletters.id, id));
  await db
    .update(newsletters)
    .set({ sentAt: sql`now()`, slug: "winter" })
    .where(eq(newsletters.id, id));
  await expectOnAll("/newsletter", (html) => html.includes("/newsletter/winter"));
  await db.update(lists).set({ name: "季節の便り" });
  await expectOnAll("/newsletter", (html) => html.includes("季節の便り"));
});

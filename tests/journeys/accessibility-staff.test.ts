/** Accessibility of every staff page, by axe, at the width of a phone and of a desk. Public pages: accessibility-public.test.ts. */

import { readdirSync } from "node:fs";
import { eq, sql } from "drizzle-orm";
import type { BrowserContext } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { listCases } from "#api/cases/inbox.ts";
import { saveEntry } from "#api/content/save.ts";
import { saveDraft } from "#api/drafts/save.ts";
import { loadSample } from "#api/sample/sample.ts";
import { settingsHistory } from "#api/settings/history.ts";
import { saveSettings } from "#api/settings/save.ts";
import { saveText } from "#api/words/change.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { adImports } from "#db/schema/attribution.ts";
import { newsletters, subscribers } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import { textOverrides } from "#db/schema/texts.ts";
import { readLists } from "#emails/lists/lists.ts";
import { scheduleNewsletter } from "#emails/newsletters/send.ts";
import { correctWeb } from "#emails/newsletters/web.ts";
import { createNewsletter } from "#emails/newsletters/write.ts";
import { added, type Fields, typed } from "../api/content/typed.ts";
import { axeViolations } from "./page-checks.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser } = await startAppAndBrowser();

let context: BrowserContext;
let paths: string[];

/** Addresses beside the plain one of a page, with what makes it look different. */
const more = [
  ...["/staff?who=me", "/staff?group=late", "/staff/search?q=x", "/staff/cases?state=closed"],
  ...["/staff/content/event/new", "/staff/content/story", "/staff/content/faq?show=away"],
  ...["/staff/consents", "/staff/consents?show=all", "/staff/content/file"],
  ...["/staff/cases?state=open&topic=respite", "/staff/cases?topic=respite&relation=self&period=7"],
];

/** Every page of the staff area, its parameters filled in; pages before the sign-in, of a used link and of an upload are left out, and the public page in its frame. */
function allPages(
  ids: Record<"cases" | "readers" | "newsletters" | "people" | "keywords" | "settings" | "words" | "content", string>,
): string[] {
  const files = readdirSync(new URL("../../site/pages/staff", import.meta.url), { recursive: true, encoding: "utf8" });
  return files
    .filter(
      (file) =>
        file.endsWith(".astro") && !/sign-in|two-factor|invitations|uploads|settings\/preview|\/frame\./u.test(file),
    )
    .map((file) => `/staff/${file}`.replace(/(?:\/index)?\.astro$/u, ""))
    .map((path) =>
      path
        .replace("[list]", "events")
        .replace("[slug]", "learning-in-hospital")
        .replace("[kind]", "faq")
        .replace("[locale]", "ja")
        .replace("[id]", path.includes("/readers/") ? ids.readers : ids[path.split("/")[2] as "cases"]),
    );
}

beforeAll(async () => {
  await loadSample();
  context = await browser.newContext({ locale: "ja-JP", bypassCSP: true });
  await signInAs(context, "manager");
  const people = await db.select().from(staff);
  const manager = firstOrNotFound(people.filter((person) => person.role === "manager"));
  const { cases } = await listCases(manager, { state: "open" });
  const colleague = firstOrNotFound(people.filter((person) => person.role === "coordinator"));
  const issue = firstOrNotFound(await db.select().from(newsletters).where(eq(newsletters.state, "draft")));
  const cost = firstOrNotFound(await db.select().from(adImports));
  const caseId = firstOrNotFound(cases).id;
  await saveSettings(manager, { "name.ja": "かぜのいえ", "address.ja": "長い住所".repeat(30) }, {});
  const [change] = await settingsHistory(manager);
  const body = "長い言葉".repeat(200) + "x".repeat(200);
  await saveDraft(manager.id, {
    ...{ form: "/staff/newsletters", page: "/staff/newsletters/new" },
    ...{ values: { subject: body.slice(0, 100), body }, errors: {} },
  });
  await saveText(manager, { section: "landing-keep", locale: "ja", version: 0 }, `3年間。${"長い言葉".repeat(60)}`);
  await db.update(textOverrides).set({ defaultThen: "前の文" });
  const reader = firstOrNotFound(await db.select().from(subscribers));
  const ids = {
    ...{ cases: caseId, readers: reader.id, newsletters: issue.id, people: colleague.id, keywords: cost.id },
    ...{ settings: change?.setId ?? "", words: "landing-keep", content: await longEntry(manager) },
  };
  paths = [...allPages(ids), ...more, ...(await issuesOnTheirWay(manager))];
});

/** Pages of issues that were decided to be sent: for a time, for one that has passed, one with a message of unknown fate; and one with a mistake. */
async function issuesOnTheirWay(manager: Staff): Promise<string[]> {
  const [list = { slug: "" }] = await readLists();
  const id = await createNewsletter(manager, { subject: "冬".repeat(60), body: "本文", list: list.slug });
  const at = new Date(Date.now() + 86_400_000);
  await scheduleNewsletter(manager, id, { version: 1, isForWeb: true, at });
  const missed = await createNewsletter(manager, { subject: "冬", body: "本文", list: list.slug });
  await scheduleNewsletter(manager, missed, { version: 1, isForWeb: true });
  await db
    .update(newsletters)
    .set({ startAt: new Date(0) })
    .where(eq(newsletters.id, missed));
  const wrong = await createNewsletter(manager, {
    subject: "冬",
    body: `[${"長い言葉".repeat(20)}](ftp://x)`,
    list: list.slug,
  });
  const undecided = firstOrNotFound(await db.select().from(newsletters).where(eq(newsletters.state, "sending")));
  await correctWeb(manager, undecided.id, { subject: "長い言葉".repeat(20), body: "訂正", version: undecided.version });
  const parts = ["", "/uncertain", "/web"].map((part) => `/staff/newsletters/${undecided.id}${part}`);
  const others = [id, missed, `${missed}/send`, `${wrong}/send`].map((path) => `/staff/newsletters/${path}`);
  return [...others, ...parts];
}

/** A question with long words in three languages, its translations behind, published and written anew. */
async function longEntry(manager: Staff): Promise<string> {
  const words = "長い言葉".repeat(30);
  const id = await added(manager, "faq", {
    ...{ "ja.question": words, "ja.answer": words.repeat(10), "easy.question": words, "easy.answer": words },
    ...{ "en.question": "x".repeat(100), "en.answer": "x".repeat(900), press: "publish-ja" },
  });
  const changes: Fields[] = [
    { "ja.answer": `${words}。`, press: "publish-ja" },
    { "en.answer": "y", press: "publish-en" },
    { "ja.answer": words },
  ];
  for (const over of changes) await saveEntry(manager, "faq", id, await typed(manager, "faq", id, over));
  await added(manager, "faq", { "en.question": "x".repeat(120) });
  return id;
}

/** Buttons, links among them, boxes, rows of a choice and summaries that a finger may miss: less than 44 px high at 360 px. */
const smallTargets = `(() => {
  const found = [];
  for (const one of document.querySelectorAll(".btn, .button, summary, select, input:not([type=hidden], [type=checkbox], [type=radio]), textarea, .choice, .actions > a, .switch a, .jump a, .after a")) {
    if (!one.checkVisibility() || one.closest(".visually-hidden, .rows")) continue;
    const { height } = one.getBoundingClientRect();
    if (height > 0 && height < 43.5) found.push(one.tagName + " “" + (one.textContent || one.name).trim().slice(0, 20) + "” is " + Math.round(height) + " px high");
  }
  return found;
})()`;

test("no page breaks a WCAG 2.2 AA rule that a machine can see, none scrolls sideways, and no button is too small for a finger", async () => {
  expect(await problemsOf(context, paths)).toEqual([]);
}, 180_000);

test("nor does a page as a peer sees it, who helps in the cases of the sample's peer", async () => {
  const theirs = await browser.newContext({ locale: "ja-JP", bypassCSP: true });
  await signInAs(theirs, "peer");
  const rows = await db.execute<{ id: string }>(sql`
    update assignments set staff_id = (select id from staff where email = 'peer@example.jp')
    where case_id in (select case_id from briefs) and staff_id in (select id from staff where role = 'peer')
    returning case_id as id`);
  expect(await problemsOf(theirs, ["/staff", ...rows.map(({ id }) => `/staff/cases/${id}`)])).toEqual([]);
}, 60_000);

test("whatever is refused on a page, its summary links to nothing that the page does not have", async () => {
  const manager = firstOrNotFound(await db.select().from(staff).where(eq(staff.email, "manager@example.jp")));
  const found: string[] = [];
  for (const path of paths.filter((one) => !one.includes("?"))) {
    const errors = { form: "いまはできません。", gone: "もうありません。" };
    await saveDraft(manager.id, { form: `${path}/press`, page: path, values: {}, errors });
    const html = await (await context.request.get(app.origin + path)).text();
    const [summary] = /<div class="error-summary".*?<\/ul>/su.exec(html) ?? [];
    if (summary?.includes("もうありません。")) found.push(path);
    for (const [, id = ""] of summary?.matchAll(/href="#([^"]*)"/gu) ?? [])
      if (!html.includes(` id="${id}"`)) found.push(`${path}: #${id}`);
  }
  expect(found.filter((one) => one.includes("#"))).toEqual([]);
  expect(found.length).toBeGreaterThan(20);
}, 60_000);

/** What axe finds on these pages at both widths, those that scroll sideways, and what a finger may miss. */
async function problemsOf(of: BrowserContext, addresses: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const page = await of.newPage();
  for (const path of addresses) {
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(app.origin + path);
      // The bar for the thumb stays in sight over what can be scrolled from beneath it; here it stands at its own place.
      await page.addStyleTag({ content: ".thumb { position: static !important; }" });
      found.push(...(await axeViolations(page)).map((rule) => `${path} at ${width}: ${rule}`));
      const beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
      const closed = (await page.evaluate(beyond)) as number;
      if (closed > 0) found.push(`${path} at ${width}: ${closed} px too wide`);
      if (width === 1280) continue;
      // With the manual of the page over it; the whole manual has none.
      if (path !== "/staff/manual") await page.locator(".manual > summary").click();
      const opened = (await page.evaluate(beyond)) as number;
      if (opened > 0) found.push(`${path} at ${width}, with its manual: ${opened} px too wide`);
      found.push(...((await page.evaluate(smallTargets)) as string[]).map((target) => `${path}: ${target}`));
    }
  }
  return found;
}

/** Accessibility of every staff page, by axe, at the width of a phone and of a desk. Public pages: accessibility-public.test.ts. */

import { sql } from "drizzle-orm";
import type { BrowserContext } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { listCases } from "#api/cases/inbox.ts";
import { loadSample } from "#api/sample/sample.ts";
import { db } from "#db/client.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { newsletters } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import { axeViolations } from "./page-checks.ts";
import { startAppAndBrowser } from "./setup.ts";
import { signInAs } from "./staff-sign-in.ts";

const { app, browser } = await startAppAndBrowser();

let context: BrowserContext;
let paths: string[];

beforeAll(async () => {
  await loadSample();
  context = await browser.newContext({ locale: "ja-JP", bypassCSP: true });
  await signInAs(context, "manager");
  const [manager] = (await db.select().from(staff)).filter((person) => person.role === "manager");
  const { cases } = await listCases(firstOrNotFound(manager ? [manager] : []), { state: "open" });
  const [colleague] = (await db.select().from(staff)).filter((person) => person.role === "coordinator");
  const [issue] = await db.select().from(newsletters);
  paths = [
    ...["/staff", "/staff?who=me", "/staff?group=late", "/staff/cases?state=open&topic=respite", "/staff/search?q=x"],
    "/staff/cases/new",
    ...["", "/close", "/state", "/contact", "/brief"].map((page) => `/staff/cases/${firstOrNotFound(cases).id}${page}`),
    "/staff/mail",
    ...[
      "/staff/guides",
      "/staff/guides/new",
      "/staff/guides/learning-in-hospital",
      "/staff/newsletters",
      "/staff/newsletters/new",
      `/staff/newsletters/${issue?.id}`,
      "/staff/keywords",
      "/staff/people",
      `/staff/people/${colleague?.id}`,
      "/staff/me",
      `/staff/cases/${firstOrNotFound(cases).id}/hand-over`,
    ],
  ];
});

const widths = [360, 1280];

test("no page breaks a WCAG 2.2 AA rule that a machine can see, and none scrolls sideways", async () => {
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

/** What axe finds on these pages, and those that scroll sideways, at both widths. */
async function problemsOf(of: BrowserContext, addresses: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const page = await of.newPage();
  for (const path of addresses) {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(app.origin + path);
      found.push(...(await axeViolations(page)).map((rule) => `${path} at ${width}: ${rule}`));
      const beyond = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      if ((beyond as number) > 0) found.push(`${path} at ${width}: ${String(beyond)} px too wide`);
    }
  }
  return found;
}

/** Somebody who is filling in a form taps a link by mistake and uses the browser's Back button: every word is still there. */

import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { phone } from "../browser.ts";
import { elements } from "../site/html.ts";
import { ask, crawl, entrances, isHtml, linksOf, type Page } from "./public-pages.ts";
import { startAppAndBrowser } from "./setup.ts";

const { app, browser } = await startAppAndBrowser();

let writing: Page[] = [];
let tab: Tab;

/** The boxes somebody writes in; nobody sees the one named "website". */
const boxesIn = ({ html }: Pick<Page, "html">) =>
  elements(html, "textarea", "input").filter(
    ({ name, type = "text" }) => name !== "website" && ["text", "email", "tel"].includes(type),
  );

/** The same form in any language; the one for professionals is another. */
function kindOf(page: Page): string | undefined {
  if (boxesIn(page).length === 0) return undefined;
  const form = elements(page.html, "form").find(({ method }) => method === "post");
  const asker = elements(page.html, "input").find(({ name }) => name === "asker")?.["value"];
  return `${form?.["action"]?.replace(/^\/(?:easy|en)(?=\/)/u, "").split("?")[0]} ${asker}`;
}

const pathOf = (url: URL) => url.pathname;

beforeAll(async () => {
  const sent = await ask(app.origin, "/consultation?send", {
    message: "ねむれません。",
    reply_by: "email",
    email: "hana@example.jp",
    consent: "true",
  });
  const receipt = sent.headers.get("location") ?? "";
  const unlinked = ["/consultation?lost", receipt];
  const all = await crawl(app.origin, [...(await entrances(app.origin)), ...unlinked]);
  const family = await browser.newContext({ ...phone, javaScriptEnabled: false });
  family.setDefaultTimeout(8000);
  tab = await family.newPage();
  writing = [...all.values()].filter((page) => isHtml(page) && page.status === 200 && boxesIn(page).length > 0);
});

const forms = [
  "/consultation?lost",
  ...["", "/easy", "/en"].flatMap((language) =>
    ["", "/relatives", "/teens", "/professional"].map((form) => `${language}/consultation${form}`),
  ),
  ...["", "/easy", "/en"].flatMap((language) =>
    ["learning-in-hospital", "welcoming-a-child-with-illness"].map((slug) => `${language}/guides/${slug}`),
  ),
  ...["/newsletter", "/easy/newsletter", "/en/newsletter"],
];
/** What opens a family's words is typed here, and must not come back for whoever takes the phone next. */
const codes = ["/consultation/return", "/easy/consultation/return", "/en/consultation/return", "the receipt"];
const nameOf = ({ path }: Page) => (path.includes("/receipt/") ? "the receipt" : path);

test("the pages with a box to write in are those followed below", () => {
  const shown = writing.filter(({ path }) => !/\?(?:furigana|plain|topic=)/u.test(path));
  expect(shown.map(nameOf).toSorted()).toEqual([...forms, ...codes].toSorted());
});

test("no link of a page with a form leads to the same address, or to an empty form of its kind", () => {
  const kinds = new Map(writing.map((page) => [page.path, kindOf(page)]));
  const found = writing.flatMap((page) => {
    const links = linksOf(
      { ...page, html: page.html.replaceAll(/<(?:form|button|link|img)\b[^>]*>/gu, "") },
      app.origin,
    );
    return links
      .filter(({ hash }) => hash === "")
      .filter((url) => {
        const to = pathOf(url) + url.search;
        // The same page with readings over its words is an address of its own.
        if (pathOf(url) === page.path.split("?")[0] && url.search !== page.path.replace(/^[^?]*/u, "")) return false;
        return to === page.path || (kinds.get(to) !== undefined && kinds.get(to) === kindOf(page));
      })
      .map((url) => `${page.path} → ${pathOf(url)}${url.search}`);
  });
  expect(found).toEqual([]);
});

test.each(forms)("after any link of %s, Back brings back every word", async (name) => {
  const page = writing.find((one) => nameOf(one) === name);
  expect(await lostAt(tab, page?.path ?? "")).toEqual([]);
});

test.each(codes)("the boxes of %s are left empty by Back", (name) => {
  const page = writing.find((one) => nameOf(one) === name);
  expect(boxesIn(page ?? { html: "" }).map(({ autocomplete }) => autocomplete)).toSatisfy(
    (all: string[]) => all.length > 0 && all.every((one) => one === "off"),
  );
});

const box = "textarea, input:is([type=text], [type=email], [type=tel]):not([name=website])";
const away = "a[href^='/']:visible";

/** Writes into every box, follows every link and comes back; the links that led to a loss. */
async function lostAt(tab: Tab, path: string): Promise<string[]> {
  const lost: string[] = [];
  let words = await write(tab, path);
  const links = tab.locator(away);
  const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  for (const [at, href] of hrefs.entries()) {
    await links.nth(at).click();
    await tab.goBack();
    const kept = await tab.locator(box).evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
    if (tab.url() === app.origin + path && words.every((word) => kept.includes(word))) continue;
    lost.push(href);
    words = await write(tab, path);
  }
  return lost;
}

async function write(tab: Tab, path: string): Promise<string[]> {
  await tab.goto(app.origin + path);
  for (const more of await tab.locator("main details:not([open]) > summary").all()) await more.click();
  // What is asked about calls appears once a call is chosen.
  const boxes = await tab.locator(box).filter({ visible: true }).all();
  for (const [at, one] of boxes.entries()) await one.fill(`書きかけ${at}`);
  return boxes.map((_, at) => `書きかけ${at}`);
}

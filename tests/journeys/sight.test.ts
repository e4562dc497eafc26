/** Every public page as different eyes and hands meet it: narrow and wide, enlarged, in forced colours. */

import type { Browser, Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { loadSample } from "#api/sample/sample.ts";
import { open, type Place } from "../bench/weigh.ts";
import { axeFaults, lostToSight, overlapping } from "./axe.ts";
import { crawl, encoded, entrances, isHtml } from "./every-page.ts";
import { passingPages } from "./passing-pages.ts";
import { setStage } from "./stage.ts";

const { app, browser, letterbox } = await setStage();

const widths = [320, 360, 768, 1280];

const phone = { width: 360, height: 640 };
let places: Place[];

beforeAll(async () => {
  await loadSample();
  const found = await crawl(app.origin, await entrances(app.origin));
  const pages = [...found.values()].filter(isHtml);
  places = [...pages, ...(await passingPages(app.origin, letterbox))].map(({ name, path, fields }) => ({
    name,
    path,
    ...(fields && { body: encoded(fields) }),
  }));
}, 120_000);

type Look = (tab: Tab, say: (condition: string, faults: string[]) => void, html: string) => Promise<void>;

/** Looks at all pages in two tabs at once; what is wrong comes back under page and condition. */
async function lookAtAll(options: Parameters<Browser["newContext"]>[0], look: Look): Promise<string[]> {
  const context = await browser.newContext({ locale: "ja-JP", bypassCSP: true, ...options });
  const waiting = [...places];
  const found: string[] = [];
  const work = async () => {
    const tab = await context.newPage();
    for (let place = waiting.shift(); place; place = waiting.shift()) {
      const { name = place.path } = place;
      const html = await open(tab, app.origin, place);
      const say = (condition: string, faults: string[]) =>
        void found.push(...faults.map((fault) => `${name}, ${condition}: ${fault}`));
      await look(tab, say, html);
    }
  };
  await Promise.all([work(), work()]);
  await context.close();
  return found;
}

/** What was looked at, for whoever wants to quote it. */
const looked = { pages: 0, pagesWithReadings: 0, looks: 0 };

/** Whether what stands here is what a browser without script makes of the HTML: a parser runs none. */
const sameDocument = (html: string) =>
  new DOMParser().parseFromString(html, "text/html").documentElement.outerHTML === document.documentElement.outerHTML;

test("no public page breaks a rule of WCAG 2.2 AA that a machine can see, at any width, enlarged or in forced colours", async () => {
  const found = await lookAtAll({}, async (tab, say, html) => {
    say("without script", (await tab.evaluate(sameDocument, html)) ? [] : ["another page"]);
    const look = async (condition: string) => {
      looked.looks++;
      say(condition, [...(await axeFaults(tab)), ...(await lostToSight(tab)), ...(await overlapping(tab))]);
    };
    const isRead = (await tab.evaluate("document.querySelector('ruby') !== null")) as boolean;
    looked[isRead ? "pagesWithReadings" : "pages"]++;
    // The same page with readings over it is looked at where it is tightest.
    for (const width of isRead ? [320] : widths) {
      await tab.setViewportSize({ width, height: 800 });
      await look(`${width} px`);
    }
    await tab.emulateMedia({ forcedColors: "active" });
    await look("forced colours");
    await tab.emulateMedia({ forcedColors: null });
    await tab.addStyleTag({ content: "html { font-size: 200% }" });
    for (const width of isRead ? [360] : [360, 1280]) {
      await tab.setViewportSize({ width, height: 800 });
      await look(`${width} px, text at 200 %`);
    }
  });
  expect(found).toEqual([]);
  // Each in four widths, forced colours and two sizes of enlarged text; those with readings in three of the seven.
  expect(looked).toEqual({ pages: 75, pagesWithReadings: 20, looks: 585 });
}, 400_000);

test("focus and mistakes can be seen where the system chooses the colours", async () => {
  const context = await browser.newContext({ locale: "ja-JP", forcedColors: "active", viewport: phone });
  const tab = await context.newPage();
  await tab.goto(`${app.origin}/consultation`);
  await tab.locator("main form button").click();
  await tab.getByRole("alert").waitFor();
  const drawn = (selector: string, what: "outline" | "border") =>
    tab
      .locator(selector)
      .first()
      .evaluate((one, side) => {
        const style = getComputedStyle(one);
        const width = side === "outline" ? style.outlineWidth : style.borderLeftWidth;
        const kind = side === "outline" ? style.outlineStyle : style.borderLeftStyle;
        const colour = side === "outline" ? style.outlineColor : style.borderLeftColor;
        return `${width} ${kind}${colour === style.backgroundColor ? ", invisible" : ""}`;
      }, what);
  expect(await drawn(".error-summary", "border")).toBe("4px solid");
  expect(await drawn(".field.wrong", "border")).toBe("4px solid");
  expect(await drawn(".wrong textarea", "border")).toBe("2px solid");
  const rings: Record<string, string> = {};
  for (const selector of [
    "main .error-summary a",
    "#message",
    "#reply_by",
    "summary",
    "#consent",
    "main form button",
    ".contact a",
  ]) {
    await tab.locator(selector).first().focus();
    // As by the Tab key: a ring is drawn for those who need one.
    await tab.keyboard.press("Shift+Tab");
    await tab.keyboard.press("Tab");
    rings[selector] = await drawn(":focus", "outline");
  }
  expect(new Set(Object.values(rings))).toEqual(new Set(["3px solid"]));
  await context.close();
});

test("the checks themselves notice what they look for", async () => {
  const tab = await browser.newPage({ viewport: { width: 320, height: 640 } });
  await tab.setContent(
    '<html lang="ja"><title>見本</title><main><img src="x.png"><p style="color:#999">薄い</p></main>',
  );
  expect(await axeFaults(tab)).toEqual(["color-contrast p", "image-alt img"]);
  await tab.setContent(
    '<p style="width: 400px">広い</p><p style="overflow: hidden; width: 60px; white-space: nowrap">切れている文章</p>',
  );
  expect(await lostToSight(tab)).toEqual(["88 px too wide", "p. leaves the window", "p. cuts its text off"]);
  await tab.setContent('<p style="margin: 0">上</p><p style="margin: -10px 0">下</p>');
  expect(await overlapping(tab)).toEqual(["P “上” lies on P “下”"]);
  expect(await tab.evaluate(sameDocument, "<p>上</p>")).toBe(false);
  await tab.close();
});

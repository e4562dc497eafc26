/** Every public page as different eyes and hands meet it: narrow and wide, enlarged, in forced colours. */
import type { Browser, BrowserContext, Page as Tab } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSample } from "#api/sample.ts";
import { type Letterbox, openLetterbox, startApp } from "../app.ts";
import { openBrowser, phone } from "../browser.ts";
import { open, type Place } from "../weigh.ts";
import { axeFaults, lostToSight, overlapping } from "./axe.ts";
import { crawl, encoded, entrances, isHtml } from "./every-page.ts";
import { passingPages } from "./passing-pages.ts";

const widths = [320, 360, 768, 1280];

let browser: Browser;
let letterbox: Letterbox;
let app: Awaited<ReturnType<typeof startApp>>;
let places: Place[];

beforeAll(async () => {
  letterbox = await openLetterbox();
  app = await startApp(letterbox);
  await loadSample();
  browser = await openBrowser();
  const found = await crawl(app.origin, await entrances(app.origin));
  // With readings a page is another one only where it was built with them; one of each kind is looked at.
  const pages = [...found.values()]
    .filter(isHtml)
    .filter(({ path }) => !path.includes("furigana") || /^\/(?:easy)?\?/u.test(path));
  places = [...pages, ...(await passingPages(app.origin, letterbox))].map(({ name, path, fields }) => ({
    name,
    path,
    ...(fields && { body: encoded(fields) }),
  }));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
  await letterbox?.close();
});

type Look = (tab: Tab, say: (condition: string, faults: string[]) => void) => Promise<void>;

/** Looks at all pages in two tabs at once; what is wrong comes back under page and condition. */
async function lookAtAll(options: Parameters<Browser["newContext"]>[0], look: Look): Promise<string[]> {
  const context = await browser.newContext({ locale: "ja-JP", bypassCSP: true, ...options });
  const waiting = [...places];
  const found: string[] = [];
  const work = async () => {
    const tab = await context.newPage();
    for (let place = waiting.shift(); place; place = waiting.shift()) {
      const { name = place.path } = place;
      await open(tab, app.origin, place);
      await look(tab, (condition, faults) => found.push(...faults.map((fault) => `${name}, ${condition}: ${fault}`)));
    }
  };
  await Promise.all([work(), work()]);
  await context.close();
  return found;
}

let looks = 0;

test("no public page breaks a rule of WCAG 2.2 AA that a machine can see, at any width, enlarged or in forced colours", async () => {
  const found = await lookAtAll({}, async (tab, say) => {
    const look = async (condition: string) => {
      looks++;
      say(condition, [...(await axeFaults(tab)), ...(await lostToSight(tab)), ...(await overlapping(tab))]);
    };
    for (const width of widths) {
      await tab.setViewportSize({ width, height: 800 });
      await look(`${width} px`);
    }
    await tab.emulateMedia({ forcedColors: "active" });
    await look("forced colours");
    await tab.emulateMedia({ forcedColors: null });
    await tab.addStyleTag({ content: "html { font-size: 200% }" });
    for (const width of [360, 1280]) {
      await tab.setViewportSize({ width, height: 800 });
      await look(`${width} px, text at 200 %`);
    }
  });
  console.log(looks, places.length);
  expect(found).toEqual([]);
}, 400_000);

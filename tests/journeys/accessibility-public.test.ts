/**
 * Accessibility of every public page: narrow and wide, dark, in forced colours and with enlarged text, each alone and any two
 * together (looks.ts). `LOOKS=everything npm test -- journeys/accessibility-public` looks at each page under all conditions
 * together, which takes five times as long. Staff pages: accessibility-staff.test.ts.
 */

import type { Browser, Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { loadSample } from "#api/sample/sample.ts";
import { codes } from "#db/terms/codes.ts";
import { locale as locales } from "#db/terms/locale.ts";
import { open, type Place } from "../bench/weigh.ts";
import { type Conditions, conditions, conditionsAlone, looksAt, type Visited } from "./looks.ts";
import { axeViolations, clippedText, overlappingElements } from "./page-checks.ts";
import { pagesBehindForms } from "./pages-behind-forms.ts";
import { crawl, encoded, entrances, isHtml, type Page } from "./public-pages.ts";
import { startAppAndBrowser } from "./setup.ts";

const { app, browser, mailServer } = await startAppAndBrowser();

const isEverything = process.env["LOOKS"] === "everything";

const phone = { width: 360, height: 640 };
let places: (Place & Visited)[];

/** What of a page may matter to how it looks. Its language stands in its path, or in the name of one that a form leads to. */
function visitedOf({ name, html }: Page): Visited {
  const parts =
    /^(?:\/?(?<language>ja|easy|en)(?:: |(?=[/?]|$)))?(?<route>.*?)(?:[?&](?:furigana|plain))?$/u.exec(name)?.groups ??
    {};
  const language = codes(locales).find((one) => one === parts["language"]) ?? "ja";
  return {
    route: parts["route"] || "/",
    language,
    readings: html.includes('<body class="public furigana') ? "on" : "off",
  };
}

beforeAll(async () => {
  await loadSample();
  const found = await crawl(app.origin, await entrances(app.origin));
  // The form with one topic ticked is the form with any topic ticked.
  const isOther = (path: string) => path.includes("?topic=") && path !== "/consultation?topic=schooling";
  const pages = [...found.values()].filter((page) => isHtml(page) && !isOther(page.path));
  places = [...pages, ...(await pagesBehindForms(app.origin, mailServer))].map((page) => ({
    ...visitedOf(page),
    name: page.name,
    path: page.path,
    ...(page.fields && { body: encoded(page.fields) }),
  }));
}, 120_000);

type Check = (
  tab: Tab,
  report: (condition: string, faults: string[]) => void,
  opened: { place: Visited; html: string },
) => Promise<void>;

/** Checks all pages in two tabs at once; what is wrong comes back under page and condition. */
async function checkAll(options: Parameters<Browser["newContext"]>[0], check: Check): Promise<string[]> {
  const context = await browser.newContext({ locale: "ja-JP", bypassCSP: true, ...options });
  const waiting = [...places];
  const found: string[] = [];
  const work = async () => {
    const tab = await context.newPage();
    for (let place = waiting.shift(); place; place = waiting.shift()) {
      const { name = place.path } = place;
      const html = await open(tab, app.origin, place);
      const report = (condition: string, faults: string[]) =>
        void found.push(...faults.map((fault) => `${name}, ${condition}: ${fault}`));
      await check(tab, report, { place, html });
    }
  };
  await Promise.all([work(), work()]);
  await context.close();
  return found;
}

/** How much was checked: fewer than expected would mean that pages were missed. */
const counts = { pages: 0, pagesWithReadings: 0, alone: 0, together: 0 };

/** The conditions under which to look at each place, those with enlarged text last. */
function looksByPlace(): (place: Visited) => Conditions[] {
  const nameOf = ({ route, language, readings }: Visited) => [route, language, readings].join(" ");
  const looks = Map.groupBy(looksAt(places, isEverything ? "everything" : "pairs"), nameOf);
  return (place) => {
    const alone = conditionsAlone(place.readings);
    const isAlone = (one: Conditions) => alone.some((other) => conditionOf(other) === conditionOf(one));
    const together = (looks.get(nameOf(place)) ?? []).filter((one) => !isAlone(one));
    counts.alone += alone.length;
    counts.together += together.length;
    return [...alone, ...together].toSorted((one, other) => one.text.localeCompare(other.text));
  };
}

const conditionOf = ({ width, scheme, forced, text }: Conditions) =>
  [`${width} px`, scheme, ...(forced === "active" ? ["forced colours"] : []), `text at ${text}`].join(", ");

/** Shows the page so. */
async function setConditions(tab: Tab, { width, scheme, forced, text }: Conditions): Promise<void> {
  await tab.setViewportSize({ width, height: 800 });
  await tab.emulateMedia({ colorScheme: scheme, forcedColors: forced });
  await tab.evaluate((size) => void (document.documentElement.style.fontSize = size), text.replace(" ", ""));
}

/** Whether what stands here is what a browser without script makes of the HTML: a parser runs none. */
const sameDocument = (html: string) =>
  new DOMParser().parseFromString(html, "text/html").documentElement.outerHTML === document.documentElement.outerHTML;

test(
  "no public page breaks a rule of WCAG 2.2 AA that a machine can see: at any width, dark, in forced colours, enlarged, and any two of them",
  async () => {
    const conditionsFor = looksByPlace();
    const found = await checkAll({}, async (tab, report, { place, html }) => {
      report("without script", (await tab.evaluate(sameDocument, html)) ? [] : ["another page"]);
      const hasReadings = (await tab.evaluate("document.body.matches('.furigana')")) as boolean;
      counts[hasReadings ? "pagesWithReadings" : "pages"]++;
      for (const one of conditionsFor(place)) {
        await setConditions(tab, one);
        report(conditionOf(one), [
          ...(await axeViolations(tab)),
          ...(await clippedText(tab)),
          ...(await overlappingElements(tab)),
        ]);
      }
    });
    // Each in four widths, dark, forced colours and enlarged; those with readings in one width.
    const alone = 129 * 7 + 70 * 4;
    const together = isEverything ? (128 + 70) * conditions.length - alone : 127;
    expect({ found, ...counts }).toEqual({ found: [], pages: 129, pagesWithReadings: 70, alone, together });
  },
  isEverything ? 3_600_000 : 1_800_000,
);

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

test("the checks find a page with each of the faults", async () => {
  const tab = await browser.newPage({ viewport: { width: 320, height: 640 } });
  await tab.setContent(
    '<html lang="ja"><title>見本</title><main><img src="x.png"><p style="color:#999">薄い</p></main>',
  );
  expect(await axeViolations(tab)).toEqual(["color-contrast p", "image-alt img"]);
  await tab.setContent(
    '<p style="width: 400px">広い</p><p style="overflow: hidden; width: 60px; white-space: nowrap">切れている文章</p>',
  );
  expect(await clippedText(tab)).toEqual(["88 px too wide", "p. leaves the window", "p. cuts its text off"]);
  await tab.setContent('<p style="margin: 0">上</p><p style="margin: -10px 0">下</p>');
  expect(await overlappingElements(tab)).toEqual(["P “上” lies on P “下”"]);
  expect(await tab.evaluate(sameDocument, "<p>上</p>")).toBe(false);
  await tab.close();
});
